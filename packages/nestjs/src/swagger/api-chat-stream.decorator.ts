import { ApiOkResponse } from "@nestjs/swagger";
import type { StreamFormat } from "@signalbox/core/node";
import type { ChatStreamOptions } from "../chat-stream.decorator.js";
import { CHAT_STREAM } from "../chat-stream.interceptor.js";
import { ApiLLMErrors } from "./api-llm-errors.decorator.js";

/** What is said about a streaming handler. */
export interface ApiChatStreamOptions {
  /** @default the format of the `@ChatStream()` below it, else "events" */
  format?: StreamFormat | undefined;
  /** @default what the format is */
  description?: string | undefined;
}

interface Told {
  type: string;
  description: string;
  example: string;
}

const FORMATS: Readonly<Record<StreamFormat, Told>> = {
  events: {
    type: "text/event-stream",
    description: "Server-sent events, one JSON object each; `[DONE]` comes last, a failure as `event: error`.",
    example: 'data: {"type":"text-delta","step":0,"text":"Hel"}\n\ndata: [DONE]\n\n',
  },
  openai: {
    type: "text/event-stream",
    description: "Chunks of a chat completion, as OpenAI sends them.",
    example:
      'data: {"object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"Hel"}}]}\n\ndata: [DONE]\n\n',
  },
  "ui-message": {
    type: "text/event-stream",
    description: "The UI message stream of the AI SDK, for `useChat`.",
    example: 'data: {"type":"text-delta","id":"0","delta":"Hel"}\n\ndata: [DONE]\n\n',
  },
  ndjson: {
    type: "application/x-ndjson",
    description: "One JSON object a line; a failure is the last one.",
    example: '{"type":"text-delta","step":0,"text":"Hel"}\n',
  },
  text: { type: "text/plain", description: "The text as it is said.", example: "Hello" },
};

/**
 * Documents a `@ChatStream()` handler: its content type by format, and the failures that `LLMExceptionFilter` answers.
 * Stands above `@ChatStream()`, whose format it reads.
 */
export function ApiChatStream(options: ApiChatStreamOptions = {}): MethodDecorator {
  return (target: object, key: string | symbol, descriptor: PropertyDescriptor): void => {
    const told = FORMATS[options.format ?? formatOf(descriptor.value) ?? "events"];
    const { type, example, description } = { ...told, ...present(options.description) };
    ApiOkResponse({ description, content: { [type]: { schema: { type: "string", example } } } })(
      target,
      key,
      descriptor as never,
    );
    ApiLLMErrors()(target, key, descriptor as never);
  };
}

function formatOf(handler: unknown): StreamFormat | undefined {
  const { getMetadata } = Reflect as unknown as {
    getMetadata(key: unknown, target: unknown): ChatStreamOptions | undefined;
  };
  return getMetadata(CHAT_STREAM, handler)?.format;
}

const present = (description: string | undefined) => (description === undefined ? {} : { description });
