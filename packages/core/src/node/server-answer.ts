import type { IncomingMessage, ServerResponse } from "node:http";
import type { Http2ServerRequest, Http2ServerResponse } from "node:http2";

/** A request as Node's servers, Express and Fastify (`request.raw`) hand it out. */
export type ServerRequest = IncomingMessage | Http2ServerRequest;

/** A response as Node's servers, Express and Fastify (`reply.raw`) hand it out. */
export type ServerAnswer = ServerResponse | Http2ServerResponse;

export function isHttp2(res: ServerAnswer): res is Http2ServerResponse {
  return "createPushResponse" in res && typeof res.createPushResponse === "function";
}

/** True once everything has been handed to the network. An HTTP/2 stream that was reset counts as finished too. */
export function isAnswered(res: ServerAnswer): boolean {
  return res.writableEnded && res.writableFinished;
}

/** True when nobody can read the answer any more, whether or not a `close` was heard. */
export function hasGone(res: ServerAnswer): boolean {
  if (isAnswered(res)) return false;
  if (isHttp2(res)) return res.stream.destroyed || res.stream.aborted;
  const socket = res.req?.socket;
  // Node ends its half of a connection whose client has ended the other.
  return res.destroyed || socket?.destroyed === true || socket?.writableEnded === true;
}

/** Makes it plain to the client that the answer is not whole: its connection, or its HTTP/2 stream, breaks off. */
export function cutOff(res: ServerAnswer): void {
  // Without a code an HTTP/2 reset reads like a good end.
  if (isHttp2(res)) res.stream.close(HTTP2_INTERNAL_ERROR);
  else res.destroy();
}

const HTTP2_INTERNAL_ERROR = 2;
