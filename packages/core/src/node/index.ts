/**
 * `@signalbox/core/node`: writes streams to Node's HTTP responses and tells when a client has left, for any framework
 * that hands out the raw response; reads the errors in answers that a server relays.
 *
 * @module core/node
 */
export { readUpstreamError, type UpstreamContext } from "../errors/read-upstream-error.js";
export { type PublicResult, publicResult } from "../generate/public-event.js";
export type { Accept, Allowed } from "./chat-body/accept.js";
export { type AskedChat, chatRequests, type ServerPart } from "./chat-body/chat-requests.js";
export type { OpenField } from "./chat-body/open-fields.js";
export { STREAM_FORMATS } from "./create-format.js";
export { disconnectSignal } from "./disconnect-signal.js";
export { type PipeableStream, type PipeOptions, type PipeOutcome, pipeStream } from "./pipe-stream.js";
export { cutOff, type ServerAnswer, type ServerRequest } from "./server-answer.js";
export type { StreamFormat } from "./wire-format.js";
