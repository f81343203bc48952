/**
 * `@signalbox/express`: models in Express 4 and 5 applications.
 *
 * @module express
 */

export type { OpenField } from "@signalbox/core/node";
export type { Accept, Allowed } from "./chat/accept.js";
export { type ChatHandlerOptions, chatHandler } from "./chat-handler.js";
export { type ChatRouterOptions, chatRouter } from "./chat-router.js";
export { detach } from "./detach.js";
export { type LLMErrorHandlerOptions, llmErrorHandler } from "./error-handler.js";
export { type LLMMiddleware, type LLMMiddlewareOptions, llmMiddleware, type RequestScope } from "./llm-middleware.js";
export { type OpenAICompatibleOptions, openAICompatible } from "./openai-compatible.js";
export { getLLM } from "./request-llm.js";
export type { StepsInput } from "./steps/steps-input.js";
export { type StepsRouterOptions, stepsRouter } from "./steps-router.js";
