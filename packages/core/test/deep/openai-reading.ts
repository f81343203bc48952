import type OpenAI from "openai";
import { type LLMClient, LLMError } from "../../src/index.js";
import { arrived, readRecorded } from "../recorded-reading.js";
import { endpointOf, isStream, type Recording } from "../recordings.js";

/** What both clients can tell of an answer. */
export interface Seen {
  failed: boolean;
  /** Of a refused request. */
  status?: number | undefined;
  text?: string | undefined;
  reasoning?: string | undefined;
  refusal?: string | undefined;
  finish?: string | undefined;
  calls?: { name: string; arguments: string }[];
  tokens?: (number | undefined)[];
  vectors?: string;
}

const MESSAGES = [{ role: "user" as const, content: "Say hello." }];
const MODEL = "acme/test-1";
const named = ({ name }: Recording) => ({ headers: { "x-recording": name } });

/** Reads a recording with the official client: streams with its own stream reader. */
export async function seenByOpenAI(openai: OpenAI, recording: Recording): Promise<Seen> {
  try {
    if (endpointOf(recording) === "embeddings") {
      const input = recording.request.body.input as string;
      const { data, usage } = await openai.embeddings.create({ model: MODEL, input }, named(recording));
      const vectors = JSON.stringify(data.map(({ embedding }) => embedding));
      return { failed: false, vectors, tokens: [usage.prompt_tokens] };
    }
    const asked = { model: MODEL, messages: MESSAGES };
    const { chat } = openai;
    const answer = isStream(recording)
      ? await chat.completions.stream(asked, named(recording)).finalChatCompletion()
      : await chat.completions.create(asked, named(recording));
    return seenInCompletion(answer as Partial<OpenAI.ChatCompletion>);
  } catch (error) {
    return { failed: true, status: (error as { status?: number }).status };
  }
}

/** An answer that is no completion is read as far as it goes: that is what a user of the client would do. */
function seenInCompletion({ choices, usage }: Partial<OpenAI.ChatCompletion>): Seen {
  const [choice] = choices ?? [];
  const message = choice?.message as (OpenAI.ChatCompletionMessage & { reasoning?: string | null }) | undefined;
  const calls = (message?.tool_calls ?? []).filter((call) => call.type === "function");
  return {
    failed: false,
    text: message?.content || undefined,
    reasoning: message?.reasoning || undefined,
    refusal: message?.refusal || undefined,
    finish: choice?.finish_reason ?? undefined,
    calls: calls.map((call) => ({ name: call.function.name, arguments: call.function.arguments })),
    tokens: [usage?.prompt_tokens, usage?.completion_tokens],
  };
}

/** Reads the same recording with ours. */
export async function seenByUs(llm: LLMClient, recording: Recording): Promise<Seen> {
  if (endpointOf(recording) === "embeddings") {
    const input = recording.request.body.input as string;
    const { embeddings, usage } = await llm.embed({ model: MODEL, input, ...named(recording) });
    return { failed: false, vectors: JSON.stringify(embeddings), tokens: [usage?.promptTokens] };
  }
  const reading = await readRecorded(llm, recording, isStream(recording) ? "streaming" : "whole");
  if (LLMError.is(reading.error)) {
    const { status } = reading.error.upstream ?? {};
    return { failed: true, status: status === 200 ? undefined : status };
  }
  const read = arrived(reading);
  return {
    failed: false,
    text: read.text || undefined,
    reasoning: read.reasoning || undefined,
    refusal: read.refusal || undefined,
    finish: read.rawFinishReason,
    calls: (read.toolCalls ?? []).map((call) => ({ name: call.name, arguments: call.rawArguments })),
    tokens: [read.usage?.promptTokens, read.usage?.completionTokens],
  };
}

/** The names of the fields that two readings do not agree in. */
export function disagreement(one: Seen, other: Seen): string[] {
  const fields = new Set([...Object.keys(one), ...Object.keys(other)]) as Set<keyof Seen>;
  const different = [...fields].filter((field) => JSON.stringify(one[field]) !== JSON.stringify(other[field]));
  // Where only one of them fails there is nothing else to compare.
  return different.includes("failed") ? ["failed"] : different.sort();
}
