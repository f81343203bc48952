import { createError } from "../errors/error-classes.js";
import type { LLMError } from "../errors/llm-error.js";
import type { Clock } from "../http/clock.js";
import { readBody } from "../http/read-body.js";
import type { ChatBody, ChatCompletion } from "../messages/chat-body.js";
import { keepingAnswerClock } from "./answer-clock.js";
import { BodyChunkStream } from "./body-chunk-stream.js";
import type { Answered, HttpService } from "./http-service.js";
import { type JsonOrStream, readJsonOrStream } from "./json-answer.js";
import type {
  ChatAnswer,
  ChunkStream,
  EmbedBody,
  JsonAnswer,
  LLMProvider,
  ProviderCall,
  RerankBody,
} from "./llm-provider.js";
import { mergeChunks } from "./merge-chunks.js";

/** Where and how a service that speaks chat completions over HTTP is asked. */
export interface HttpProviderOptions {
  name: string;
  service: HttpService;
  clock: Clock;
  defaultModel?: string | undefined;
  /** The body as this service takes it. */
  shape?: ((body: ChatBody) => ChatBody) | undefined;
}

/**
 * A provider over HTTP. One attempt a call. A JSON body with an error and no choices is thrown; one with choices is
 * handed over, since text and usage stand beside the error.
 */
export function httpProvider({
  name,
  service,
  clock,
  defaultModel,
  shape = (body) => body,
}: HttpProviderOptions): LLMProvider {
  function post(path: string, body: object, call: ProviderCall): Promise<JsonOrStream & Facts> {
    return receive(service, { method: "POST", path, body, call });
  }
  return keepingAnswerClock({
    name,
    defaultModel,
    async chat(body: ChatBody, call: ProviderCall): Promise<ChatAnswer> {
      const answer = await post("/chat/completions", shape({ ...body, stream: undefined }), call);
      const { status, generationId, openRouterCache } = answer;
      return { body: completionOf(answer), status, generationId, openRouterCache };
    },
    async chatStream(body: ChatBody, call: ProviderCall): Promise<ChunkStream> {
      const shaped = shape({ ...body, stream: true });
      const answered = await service.send({
        method: "POST",
        path: "/chat/completions",
        body: shaped,
        call,
        streaming: true,
      });
      const { status, generationId, openRouterCache, withHeaders } = answered;
      const { source } = answered.answer;
      return new BodyChunkStream({ source, clock, status, generationId, openRouterCache, withHeaders });
    },
    async embed(body: EmbedBody, call: ProviderCall): Promise<JsonAnswer> {
      return jsonOf(await post("/embeddings", body, call));
    },
    async rerank(body: RerankBody, call: ProviderCall): Promise<JsonAnswer> {
      return jsonOf(await post("/rerank", body, call));
    },
    async get(path: string, call: ProviderCall): Promise<JsonAnswer> {
      return jsonOf(await receive(service, { method: "GET", path, call }));
    },
    close: () => service.close(),
  });
}

type Facts = Pick<Answered, "status" | "generationId" | "openRouterCache">;

async function receive(
  service: HttpService,
  request: { method: "GET" | "POST"; path: string; body?: object; call: ProviderCall },
): Promise<JsonOrStream & Facts> {
  const { answer, status, generationId, openRouterCache, errorIn, withHeaders } = await service.send({
    ...request,
    streaming: false,
  });
  let read: JsonOrStream;
  try {
    read = readJsonOrStream(await readBody(answer.source));
  } catch (error) {
    throw withHeaders(error as LLMError);
  }
  const failure = "body" in read && !hasChoices(read.body) ? errorIn(read.body) : undefined;
  if (failure !== undefined) throw failure;
  return { ...read, status, generationId, openRouterCache };
}

function hasChoices({ choices }: Record<string, unknown>): boolean {
  return Array.isArray(choices) && choices.length > 0;
}

function completionOf(answer: JsonOrStream): ChatCompletion {
  if ("body" in answer) return answer.body;
  const whole = mergeChunks(answer.chunks);
  const [choice] = whole.choices ?? [];
  if (!answer.done && choice?.finish_reason === undefined && choice?.error === undefined && whole.error === undefined) {
    throw createError("stream_truncated", "stream ended unexpectedly", { phase: "streaming" });
  }
  return whole;
}

function jsonOf(answer: JsonOrStream & Facts): JsonAnswer {
  if (!("body" in answer)) throw createError("invalid_response", "the answer is an event stream, not JSON");
  const { body, status, generationId, openRouterCache } = answer;
  return { body, status, generationId, openRouterCache };
}
