import { createError } from "../errors/error-classes.js";
import type { ChatBody, ChatChunk, ChatCompletion, WireUsage } from "../messages/chat-body.js";
import type { ChatAnswer, ChunkStream, JsonAnswer, LLMProvider, ProviderCall } from "../provider/llm-provider.js";
import { schemaExample } from "./schema-example.js";

/** What the model says to one request. A string is `{ text }`; an Error is thrown. */
export interface ScriptedReply {
  text?: string | undefined;
  reasoning?: string | undefined;
  /** Sent as JSON text, or as the arguments of the function the request forces. */
  object?: unknown;
  toolCalls?: readonly { name: string; arguments: unknown; id?: string | undefined }[] | undefined;
  finishReason?: string | undefined;
  usage?: WireUsage | undefined;
  /** Thrown after everything else was delivered: a failure in the middle of a stream. */
  error?: Error | undefined;
  /** How many pieces a streamed text comes in. @default its words */
  pieces?: number | undefined;
}

/** One answer: a text, a reply with its parts, an error to fail with, or a function that makes one from the body. */
export type ScriptedReplySource =
  | string
  | ScriptedReply
  | Error
  | ((body: ChatBody) => string | ScriptedReply | Error | Promise<string | ScriptedReply | Error>);

/** What a scripted provider says, and as whom. */
export interface ScriptedProviderOptions {
  /** Answers in order; when they run out the last one repeats. Without any, an answer is made from the request. */
  replies?: readonly ScriptedReplySource[] | undefined;
  /** @default "scripted" */
  name?: string | undefined;
  /** @default "scripted/model" */
  defaultModel?: string | undefined;
}

/** A provider that answers from a script, and remembers what it was asked. */
export interface ScriptedProvider extends LLMProvider {
  /** The bodies that were asked, oldest first. */
  readonly requests: ChatBody[];
  /** Adds an answer behind those that wait. */
  reply(reply: ScriptedReplySource): void;
}

/**
 * An in-process model for tests: no HTTP, no key, no waiting. Give it to `new LLMClient({ provider })`.
 *
 * Shape: `scriptedProvider(["Hello", { toolCalls: [{ name: "add", arguments: { a: 1 } }] }, new Error("down")])`
 * or the options object. Streams come word by word.
 * Cancels: an aborted signal ends a stream between two pieces.
 */
export function scriptedProvider(
  script: readonly ScriptedReplySource[] | ScriptedProviderOptions = {},
): ScriptedProvider {
  const options: ScriptedProviderOptions = Array.isArray(script)
    ? { replies: script }
    : (script as ScriptedProviderOptions);
  const waiting = [...(options.replies ?? [])];
  const requests: ChatBody[] = [];
  let last: ScriptedReplySource | undefined;
  let count = 0;

  const answer = async (body: ChatBody, call: ProviderCall): Promise<{ reply: ScriptedReply; id: string }> => {
    throwIfAborted(call.signal);
    requests.push(structuredClone(body));
    last = waiting.shift() ?? last;
    const made = typeof last === "function" ? await orAborted(last(body), call.signal) : (last ?? fromRequest(body));
    throwIfAborted(call.signal);
    if (made instanceof Error) throw made;
    count += 1;
    return { reply: typeof made === "string" ? { text: made } : made, id: `gen-scripted-${count}` };
  };

  return {
    name: options.name ?? "scripted",
    defaultModel: options.defaultModel ?? "scripted/model",
    requests,
    reply(reply) {
      waiting.push(reply);
    },
    async chat(body, call): Promise<ChatAnswer> {
      const { reply, id } = await answer(body, call);
      if (reply.error) throw reply.error;
      return { body: completion(reply, body, id), status: 200, generationId: id };
    },
    async chatStream(body, call): Promise<ChunkStream> {
      const { reply, id } = await answer(body, call);
      return new ScriptedStream(chunks(reply, body, id), reply.error, id, call.signal);
    },
    async embed(body): Promise<JsonAnswer> {
      const inputs = Array.isArray(body.input) ? body.input : [body.input];
      const data = inputs.map((input, index) => ({ object: "embedding", index, embedding: vectorOf(String(input)) }));
      return {
        body: { object: "list", data, model: body.model, usage: { prompt_tokens: 1, total_tokens: 1, cost: 0 } },
        status: 200,
      };
    },
  };
}

class ScriptedStream implements ChunkStream {
  readonly status = 200;
  readonly generationId: string;
  done = false;
  readonly #chunks: readonly ChatChunk[];
  readonly #error: Error | undefined;
  readonly #signal: AbortSignal | undefined;
  #closed = false;

  constructor(
    chunks: readonly ChatChunk[],
    error: Error | undefined,
    generationId: string,
    signal: AbortSignal | undefined,
  ) {
    this.#chunks = chunks;
    this.#error = error;
    this.generationId = generationId;
    this.#signal = signal;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<ChatChunk[]> {
    if (this.#closed) return;
    try {
      for (const chunk of this.#chunks) {
        throwIfAborted(this.#signal);
        yield [chunk];
        if (this.#closed) return;
      }
      if (this.#error) throw this.#error;
      this.done = true;
    } finally {
      this.#closed = true;
    }
  }

  close(): void {
    this.#closed = true;
  }
}

/** A reply that is still being made does not outlive the call. */
async function orAborted<T>(work: T | Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  let onAbort: () => void = () => {};
  const gone = new Promise<void>((resolve) => {
    onAbort = resolve;
  });
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    const first = await Promise.race([work, gone.then(() => throwIfAborted(signal))]);
    return first as T;
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw createError("aborted", "the call was aborted", { cause: signal.reason });
}

/** Repeats the last user message, or fills the schema that was asked for. */
function fromRequest(body: ChatBody): ScriptedReply {
  const schema = askedSchema(body);
  if (schema !== undefined) return { object: schemaExample(schema) };
  const lastMessage = body.messages.findLast((message) => message.role === "user");
  return { text: typeof lastMessage?.content === "string" ? lastMessage.content : "scripted answer" };
}

function askedSchema(body: ChatBody): unknown {
  const format = body.response_format as { json_schema?: { schema?: unknown } } | undefined;
  if (format?.json_schema?.schema !== undefined) return format.json_schema.schema;
  const name = forcedName(body);
  const tools = (body.tools ?? []) as { function?: { name?: string; parameters?: unknown } }[];
  return name === undefined ? undefined : tools.find((tool) => tool.function?.name === name)?.function?.parameters;
}

function forcedName(body: ChatBody): string | undefined {
  return (body.tool_choice as { function?: { name?: string } } | undefined)?.function?.name;
}

function toolCallsOf(reply: ScriptedReply, body: ChatBody, id: string) {
  const forced = forcedName(body);
  const calls =
    reply.object !== undefined && forced !== undefined
      ? [{ name: forced, arguments: reply.object }]
      : (reply.toolCalls ?? []);
  return calls.map((call, index) => ({
    index,
    id: ("id" in call ? call.id : undefined) ?? `call_${id}_${index}`,
    type: "function",
    function: {
      name: call.name,
      arguments: typeof call.arguments === "string" ? call.arguments : JSON.stringify(call.arguments),
    },
  }));
}

function textOf(reply: ScriptedReply, body: ChatBody): string {
  if (reply.object !== undefined) return forcedName(body) === undefined ? JSON.stringify(reply.object) : "";
  return reply.text ?? "";
}

function usageOf(reply: ScriptedReply, body: ChatBody): WireUsage {
  const prompt = Math.ceil(JSON.stringify(body.messages).length / 4);
  const completion = Math.ceil((textOf(reply, body).length + (reply.reasoning?.length ?? 0)) / 4);
  return (
    reply.usage ?? { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion, cost: 0 }
  );
}

function completion(reply: ScriptedReply, body: ChatBody, id: string): ChatCompletion {
  const calls = toolCallsOf(reply, body, id);
  return {
    id,
    object: "chat.completion",
    model: body.model,
    provider: "Scripted",
    choices: [
      {
        index: 0,
        message: {
          role: "assistant",
          content: calls.length > 0 && textOf(reply, body) === "" ? null : textOf(reply, body),
          ...(reply.reasoning === undefined ? {} : { reasoning: reply.reasoning }),
          ...(calls.length > 0 ? { tool_calls: calls } : {}),
        },
        finish_reason: reply.finishReason ?? (calls.length > 0 ? "tool_calls" : "stop"),
        native_finish_reason: "scripted",
      },
    ],
    usage: usageOf(reply, body),
  };
}

function chunks(reply: ScriptedReply, body: ChatBody, id: string): ChatChunk[] {
  const envelope = { id, object: "chat.completion.chunk", model: body.model, provider: "Scripted" };
  const piece = (delta: object, finish: string | null = null): ChatChunk => ({
    ...envelope,
    choices: [{ index: 0, delta: { role: "assistant", ...delta }, finish_reason: finish }],
  });
  const list: ChatChunk[] = [];
  if (reply.reasoning !== undefined) list.push(piece({ content: "", reasoning: reply.reasoning }));
  for (const text of split(textOf(reply, body), reply.pieces)) list.push(piece({ content: text }));
  const calls = toolCallsOf(reply, body, id);
  for (const call of calls) {
    list.push(
      piece({ content: null, tool_calls: [{ ...call, function: { name: call.function.name, arguments: "" } }] }),
    );
    for (const text of split(call.function.arguments, reply.pieces)) {
      list.push(piece({ content: null, tool_calls: [{ index: call.index, function: { arguments: text } }] }));
    }
  }
  if (reply.error !== undefined) return list;
  list.push({
    ...piece({ content: "" }, reply.finishReason ?? (calls.length > 0 ? "tool_calls" : "stop")),
    usage: usageOf(reply, body),
  });
  return list;
}

function split(text: string, pieces: number | undefined): string[] {
  if (text === "") return [];
  if (pieces === undefined) return text.match(/\s*\S+\s*$|\s*\S+/g) ?? [text];
  const size = Math.max(1, Math.ceil(text.length / pieces));
  return Array.from({ length: Math.ceil(text.length / size) }, (_, index) =>
    text.slice(index * size, (index + 1) * size),
  );
}

function vectorOf(text: string): number[] {
  const vector = [0, 0, 0, 0, 0, 0, 0, 0];
  for (let index = 0; index < text.length; index++)
    vector[index % 8] = ((vector[index % 8] ?? 0) * 31 + text.charCodeAt(index)) % 997;
  return vector.map((value) => value / 997);
}
