/**
 * `@signalbox/testing`: a simulator of OpenRouter, a real HTTP server with scripts, faults and a request log.
 *
 * @module testing
 */
export type { Reply, ReplyOptions, Script } from "./answers/reply.js";
export type { ModelsOption } from "./catalogue/catalogue.js";
export type { ModelKind, ModelSpec, ReasoningSpec } from "./catalogue/model.js";
export type { Notation } from "./catalogue/notation.js";
export type { Clock } from "./clock.js";
export type {
  BodyFault,
  CommentsOnlyFault,
  ContentTypeFault,
  CutFault,
  ErrorBodyFault,
  FaultKind,
  FaultOptions,
  HttpFault,
  MidstreamErrorFault,
  SlowFault,
} from "./faults/fault.js";
export type { JsonObject, JsonValue } from "./json.js";
export { ManualClock } from "./manual-clock.js";
export type { SimulatorOptions } from "./options.js";
export type { RecordedAnswer } from "./replay/recording.js";
export type { RequestLogEntry, RequestState } from "./requests/request-log-entry.js";
export { type ReplayOptions, type Simulator, startSimulator } from "./simulator.js";
