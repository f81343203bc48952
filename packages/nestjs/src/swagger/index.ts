/**
 * `@signalbox/nestjs/swagger`: what `@nestjs/swagger` should say about handlers that stream and fail.
 *
 * @module nestjs/swagger
 */
export { ApiChatStream, type ApiChatStreamOptions } from "./api-chat-stream.decorator.js";
export { ApiLLMErrors } from "./api-llm-errors.decorator.js";
export { ChatMessageDto, ChatRequestDto } from "./chat-request.dto.js";
export { LLMErrorDto, LLMErrorResponseDto } from "./llm-error.dto.js";
