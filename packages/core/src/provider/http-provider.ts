import { createError, StreamTruncatedError } from "../errors/error-classes.js";
import { lazyPart } from "../errors/lazy-part.js";
import type { LLMError } from "../errors/llm-error.js";
import type { Clock } from "../http/clock.js";
import { MAX_BODY_BYTES, readBody } from "../http/read-body.js";
import type { ChatBody, ChatCompletion } from "../messages/chat-body.js";
import { keepingAnswerClock } from "./answer-clock.js";
import { BodyChunkStream } from "./body-chunk-stream.js";
import { withPartOf } from "./broken-answer.js";
import type { Answered, HttpService } from "./http-service.js";
import { type ChunksInPlace, type JsonOrStream, readBrokenStream, readJsonOrStream } from "./json-answer.js";
import type {
  ChatAnswer,
  ChunkStream,
  EmbedBody,
  JsonAnswer,
  LLMProvider,
  ProviderCall,
  RerankBody,
} from "./llm-provider.js";

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
      const completion = "body" in answer ? answer.body : await completionOf(answer);
      return { body: completion, status, generationId, openRouterCache };
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
  let read: JsonOrStream | undefined;
  let arrived = "";
  try {
    const keep = (text: string) => {
      arrived = text;
    };
    read = readJsonOrStream(await readBody(answer.source, MAX_BODY_BYTES, false, keep));
  } catch (error) {
    const broken = withHeaders(error as LLMError);
    read = readBrokenStream(arrived, broken);
    if (read === undefined) throw broken;
  }
  const failure = "body" in read && !hasChoices(read.body) ? await errorIn(read.body) : undefined;
  if (failure !== undefined) throw "body" in read ? withPartOf(failure, read.body) : failure;
  return { ...read, status, generationId, openRouterCache };
}

function hasChoices({ choices }: Record<string, unknown>): boolean {
  return Array.isArray(choices) && choices.length > 0;
}

const merging = /* @__PURE__ */ lazyPart(() => import("./merge-chunks.js"));

/** The answer of a server that streams though it was not asked to. */
async function completionOf(answer: ChunksInPlace): Promise<ChatCompletion> {
  const { mergeChunks } = await merging();
  const whole = mergeChunks(answer.chunks);
  const [choice] = whole.choices ?? [];
  const isOver = choice?.finish_reason !== undefined || choice?.error !== undefined || whole.error !== undefined;
  const { done, failure } = answer;
  // A connection that breaks behind the finish word has delivered everything that counts.
  if (failure !== undefined && !(isOver && StreamTruncatedError.is(failure))) throw withPartOf(failure, whole);
  if (done || isOver) return whole;
  throw withPartOf(createError("stream_truncated", "stream ended unexpectedly", { phase: "streaming" }), whole);
}

function jsonOf(answer: JsonOrStream & Facts): JsonAnswer {
  if (!("body" in answer))
    throw answer.failure ?? createError("invalid_response", "the answer is an event stream, not JSON");
  const { body, status, generationId, openRouterCache } = answer;
  return { body, status, generationId, openRouterCache };
}
