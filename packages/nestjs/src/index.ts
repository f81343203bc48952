/**
 * `@signalbox/nestjs`: language models in NestJS, on the Express and Fastify platforms.
 *
 * @module nestjs
 */
export { ChatStream, type ChatStreamOptions } from "./chat-stream.decorator.js";
export { ChatStreamInterceptor, type StreamSource } from "./chat-stream.interceptor.js";
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
