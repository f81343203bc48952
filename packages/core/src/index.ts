/**
 * `@signalbox/core`: talk to OpenRouter from a Node back end.
 *
 * @module core
 */

export type { BreakerOptions } from "./breaker/breaker-options.js";
export { type MemoryResponseCacheOptions, memoryResponseCache } from "./cache/memory-response-cache.js";
export type { ResponseCache, ResponseCacheOptions } from "./cache/response-cache.js";
export { type SingleFlightOptions, singleFlight } from "./cache/single-flight.js";
export type { ChatRun, ChatRunData, ChatRunEvents, ChatRunOptions } from "./chat-runs/chat-run.js";
export { chatRunExists, type FollowChatRunOptions, followChatRun } from "./chat-runs/follow-chat-run.js";
export { startChatRun } from "./chat-runs/start-chat-run.js";
export type { Account, CreditsInfo, GenerationInfo, KeyInfo } from "./client/account.js";
export type { LLMClientOptions, Logger, Policy, ScopeOptions } from "./client/client-options.js";
export { type JsonLoggerOptions, jsonLogger, type LogLevel } from "./client/json-logger.js";
export type { LLM, LLMEvents, RetryEvent, UsageEvent } from "./client/llm.js";
export { LLMClient } from "./client/llm-client.js";
export { type FieldsFirstLogger, pinoLogger } from "./client/pino-logger.js";
export {
  AbortedError,
  AuthenticationError,
  BudgetExceededError,
  ConfigurationError,
  ConnectionError,
  ContentPolicyError,
  ContextLengthError,
  InsufficientCreditsError,
  InvalidRequestError,
  InvalidResponseError,
  LLMTimeoutError,
  ModelNotFoundError,
  PermissionError,
  ProviderError,
  RateLimitError,
  StreamTruncatedError,
  StructuredOutputError,
  ToolError,
} from "./errors/error-classes.js";
export type { ErrorCode } from "./errors/error-code.js";
export {
  type Attempt,
  type ErrorPhase,
  LLMError,
  type LLMErrorFields,
  type UpstreamFailure,
} from "./errors/llm-error.js";
export { type PublicErrorBody, publicErrorBody, responseStatus } from "./errors/public-error.js";
export { type FoundError, findErrorInBody } from "./errors/read-error-body.js";
export type { EmbedInput, EmbedPart, EmbedRequest, EmbedResult } from "./generate/embed.js";
export type {
  GenerateRequest,
  ProviderRouting,
  ReasoningOptions,
  RetryOptions,
  StopCondition,
  TimeoutOptions,
} from "./generate/generate-request.js";
export type {
  Annotation,
  AnswerFacts,
  AudioAnswer,
  FinishReason,
  GenerateResult,
  Image,
  Step,
  Timing,
  Warning,
} from "./generate/generate-result.js";
export type { GenerateStream } from "./generate/generate-stream-type.js";
export type { KnownPlugin, Plugin } from "./generate/plugins.js";
export type { RankedDocument, RerankDocument, RerankRequest, RerankResult } from "./generate/rerank.js";
export type { StreamEvent } from "./generate/stream-event.js";
export type {
  StructuredRequest,
  StructuredResult,
  StructuredResultOf,
  StructuredStream,
  StructuredStreamOf,
} from "./generate/structured-types.js";
export type {
  DebugOptions,
  OpenRouterCacheOptions,
  Prediction,
  PromptCacheOptions,
  StopServerToolsWhen,
  Trace,
  WebSearchOptions,
} from "./generate/wire-options.js";
export type { Clock, Timer } from "./http/clock.js";
export type { FetchLike } from "./http/fetch-like.js";
export type { Ledger, LedgerIntent, LedgerOperation, LedgerOutcome, LedgerRecord } from "./ledger/ledger.js";
export type { Budget, BudgetStore, ReserveAnswer, ReserveEntry } from "./limits/budget-store.js";
export type { LimitAnswer, LimitEntry, LimitStore, Limits } from "./limits/limit-store.js";
export type { ChatBody, ChatChunk, ChatCompletion, WireUsage } from "./messages/chat-body.js";
export type {
  AssistantMessage,
  AudioPart,
  CacheControl,
  ContentPart,
  FilePart,
  FunctionMessage,
  ImagePart,
  Message,
  SystemMessage,
  TextPart,
  ToolMessage,
  UserMessage,
  VideoPart,
  WireToolCall,
} from "./messages/message.js";
export {
  assistantMessage,
  audioPart,
  filePart,
  imagePart,
  systemMessage,
  textPart,
  toolMessage,
  userMessage,
  videoPart,
} from "./messages/message-factories.js";
export type {
  OpenRouterCacheAnswer,
  RouterEndpoint,
  RouterMetadata,
  RouterStage,
} from "./messages/router-metadata.js";
export type {
  ModelEndpoint,
  ModelFilter,
  ModelInfo,
  ModelPrice,
  ModelReasoning,
  Percentiles,
  PriceOverride,
  ResolvedModel,
  TokenPrices,
} from "./models/model-types.js";
export type { Models, RefreshOptions } from "./models/models.js";
export { matchesModel } from "./models/policy.js";
export { resolveModel } from "./models/resolve-model.js";
export type {
  ChatAnswer,
  ChunkStream,
  Clocks,
  EmbedBody,
  HeaderFacts,
  JsonAnswer,
  LLMProvider,
  ProviderCall,
  RerankBody,
} from "./provider/llm-provider.js";
export { definePipeline, type Pipeline } from "./steps/define-pipeline.js";
export { type FollowRunOptions, followRun } from "./steps/follow-run.js";
export { type CloseInterruptedOptions, closeInterrupted } from "./steps/interrupted-run.js";
export { type MemoryRunStoreOptions, memoryRunStore } from "./steps/memory-run-store.js";
export { type PipelineRun, type RunPipelineOptions, runPipeline } from "./steps/run-pipeline.js";
export { type PipelineStep, type StepInputs, type StepOptions, step } from "./steps/step.js";
export type { RunStore, StepContext, StepEvent, StepFailure, StepStatus } from "./steps/step-types.js";
export { type StopRunOptions, stopRun } from "./steps/stop-run.js";
export {
  type Infer,
  type InferPartial,
  type JsonSchema,
  jsonSchema,
  type Schema,
  type Strategy,
  type TypedJsonSchema,
} from "./structured/schema.js";
export type { StandardSchemaV1 } from "./structured/standard-schema.js";
export type { TelemetryOptions } from "./telemetry/telemetry-options.js";
export type { RepairContext, RepairToolCall } from "./tools/repair-tool-call.js";
export type { KnownServerTool, ServerTool, ServerToolParameters } from "./tools/server-tools.js";
export { hasToolCall, maxCost, stepCountIs } from "./tools/stop-conditions.js";
export { tool } from "./tools/tool.js";
export { type ToolContent, toolContent } from "./tools/tool-content.js";
export type { CustomTool, FunctionTool, Tool, ToolCall, ToolContext, ToolDefinition } from "./tools/tool-types.js";
export { type EstimateOptions, estimateCost } from "./usage/estimate-cost.js";
export type { ModelTotals, TagTotals, UsageMeter, UsageTotals, UserTotals } from "./usage/meter.js";
export type { TokenCounts } from "./usage/price-of-call.js";
export type { Cost, Usage } from "./usage/usage.js";
