/**
 * `@signalbox/core/node`: writes streams to Node's HTTP responses and tells when a client has left, for any framework
 * that hands out the raw response; reads the errors in answers that a server relays, and what requests say of runs.
 *
 * @module core/node
 */
export { readUpstreamError, type UpstreamContext } from "../errors/read-upstream-error.js";
export { type PublicResult, publicResult } from "../generate/public-event.js";
export type { Accept, Allowed } from "./chat-body/accept.js";
export { type AskedChat, chatRequests, type ServerPart } from "./chat-body/chat-requests.js";
export type { OpenField } from "./chat-body/open-fields.js";
export { checkOptions, type OptionRule, type OptionRules } from "./check-options.js";
export { STREAM_FORMATS } from "./create-format.js";
export { disconnectSignal } from "./disconnect-signal.js";
export { type AbortableEvents, endsWithReader } from "./ends-with-reader.js";
export { ExecutedRun } from "./executed-run.js";
export { type ParsedRequest, readPosition, wantsToFollow } from "./parsed-request.js";
export { type PipeableStream, type PipeOptions, type PipeOutcome, pipeStream } from "./pipe-stream.js";
export { admitToRun, findRunCaller, type RunAccess, type RunCaller, runNotFound } from "./run-callers.js";
export { type RunInputSource, readResumeFrom, runInputs } from "./run-input.js";
export { RUN_SERVER_RULES, type RunServerOptions } from "./run-server-options.js";
export { cutOff, type ServerAnswer, type ServerRequest } from "./server-answer.js";
export { shutdownOf, shuttingDown } from "./shutting-down.js";
export type { StreamFormat } from "./wire-format.js";
