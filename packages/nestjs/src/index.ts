/**
 * `@signalbox/nestjs`: language models in NestJS, on the Express and Fastify platforms.
 *
 * @module nestjs
 */
export { ChatController, type ChatControllerOptions, type ChatRoutes } from "./chat/chat-controller.js";
export { ChatStream, type ChatStreamOptions } from "./chat-stream.decorator.js";
export { ChatStreamInterceptor, type StreamSource } from "./chat-stream.interceptor.js";
export {
  type AnswerAudio,
  type AnswerImage,
  audioFile,
  imageFile,
  type MediaFileOptions,
} from "./files/media-file.js";
export type { CallerKey, GateOptions } from "./gates/gate-metadata.js";
export { LLMBudget, SkipLLMBudget } from "./gates/llm-budget.decorator.js";
export type { LLMBudgetRule } from "./gates/llm-budget-rule.js";
export { LLMLimit, SkipLLMLimit } from "./gates/llm-limit.decorator.js";
export type { LLMLimitRule } from "./gates/llm-limit-rule.js";
export type { FrameworkAnswer } from "./http-answer.js";
export type { FrameworkRequest } from "./http-request.js";
export { InjectLLM } from "./llm.decorators.js";
export { LLMModule } from "./llm.module.js";
export { LLMService, type StepsOptions } from "./llm.service.js";
export { getLLMClientToken, getLLMToken } from "./llm.tokens.js";
export { LLMExceptionFilter } from "./llm-exception.filter.js";
export type {
  LLMFeature,
  LLMModuleAsyncOptions,
  LLMModuleOptions,
  LLMModuleSettings,
  LLMOptionsFactory,
  LLMRegistration,
  RequestScope,
} from "./llm-module-options.js";
export { LLMTestingModule, type LLMTestingOptions } from "./llm-testing.module.js";
export { LLMTool, type LLMToolOptions } from "./llm-tool.decorator.js";
export { publicErrors } from "./rx/public-errors.js";
export { publicEvents } from "./rx/public-events.js";
export { type ShareRunOptions, shareRun } from "./rx/share-run.js";
export { type ToAsyncIterableOptions, toAsyncIterable } from "./rx/to-async-iterable.js";
export { toMessageEvents } from "./rx/to-message-events.js";
export type { RunInput, RunRequest } from "./steps/run-request.js";
export { StepsController, type StepsControllerOptions, type StepsRoutes } from "./steps/steps-controller.js";
