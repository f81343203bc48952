import type { GenerateRequest } from "../../generate/generate-request.js";
import { type Accept, readAccept } from "./accept.js";
import { mergeRequests } from "./merge-requests.js";
import { readChatBody } from "./read-chat-body.js";

/** What a chat's body asks for, made into a request. */
export interface AskedChat {
  request: GenerateRequest;
  /** What the body says of streaming; undefined where it says nothing. */
  stream: boolean | undefined;
}

/** Where the parts of a request come from that are not the body's. */
export interface ServerPart {
  /** It wins over the body. */
  request?: Partial<GenerateRequest> | undefined;
  /** Ends the call, beside the signal that `request` has. */
  signal?: AbortSignal | undefined;
}

/**
 * Reads the bodies of a chat: `prompt` or `messages` (user and assistant, text and images), `stream`, and what `accept`
 * opens; nothing else, and nothing is dropped in silence.
 *
 * Throws: ConfigurationError `invalid_config` at once for an `accept` that cannot be read; the function it gives throws
 * `invalid_request`, naming every field that is not open, or the first that is wrong, never what stood there.
 *
 * @param where - what has the option `accept`, for the words of mistakes
 */
export function chatRequests<Req>(
  where: string,
  accept: Accept<Req> | undefined,
): (body: Readonly<Record<string, unknown>>, req: Req, server: () => Promise<ServerPart>) => Promise<AskedChat> {
  const open = readAccept(where, accept);
  return async (body, req, server) => {
    const { request, stream } = await readChatBody(body, open, req);
    const own = await server();
    return { request: mergeRequests(request, own.request, own.signal), stream };
  };
}
