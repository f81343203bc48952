/** The pieces of text that a body streams, and how each is written on the wire. */

const WORDS = "signal lever track switch block train lamp route point section delta budget answer model".split(" ");
const WIDE = "信号 レバー 線路 Weiche träger поезд лампа маршрут 区間 😀 réponse modèle".split(" ");
const CREATED = 1_764_000_000;

/** Text of about `length` characters, the same for the same `seed`. */
function words(seed: number, length: number, list: readonly string[]): string {
  let text = "";
  for (let at = seed; text.length < length; at = (at * 31 + 7) % 9973) text += ` ${list[at % list.length]}`;
  return text.slice(0, length).toWellFormed();
}

export type Script = "latin" | "wide";

/** Delta number `index` of an answer; every twentieth is reasoning. */
export function deltaOf(index: number, script: Script): { text: string; reasoning: boolean } {
  const text = script === "latin" ? words(index, 20, WORDS) : words(index, 16, WIDE);
  return { text, reasoning: index % 20 === 0 };
}

export interface Envelope {
  id: string;
  created: number;
}

export const FIXED_ENVELOPE: Envelope = { id: "gen-1764000000-Zq3hV8bN2kLm5sTw", created: CREATED };

/** An id and a time of its own for each event, as some upstream providers send. */
export function varyingEnvelope(index: number): Envelope {
  const tail = (index * 2_654_435_761).toString(36).padStart(16, "q").slice(-16);
  return { id: `gen-${CREATED + index}-${tail}`, created: CREATED + index };
}

const head = ({ id, created }: Envelope) => ({
  id,
  provider: "OpenAI",
  model: "openai/gpt-4o-mini",
  object: "chat.completion.chunk",
  created,
});

const line = (value: unknown) => `data: ${JSON.stringify(value)}\n\n`;

export const COMMENT = ": OPENROUTER PROCESSING\n\n";
export const DONE = "data: [DONE]\n\n";

export function textEvent(text: string, envelope: Envelope): string {
  const choice = {
    index: 0,
    delta: { role: "assistant", content: text, reasoning: null },
    finish_reason: null,
    native_finish_reason: null,
    logprobs: null,
  };
  return line({ ...head(envelope), choices: [choice] });
}

export function reasoningEvent(text: string, envelope: Envelope): string {
  const details = [{ type: "reasoning.text", text, format: "unknown", index: 0 }];
  const choice = {
    index: 0,
    delta: { role: "assistant", content: "", reasoning: text, reasoning_details: details },
    finish_reason: null,
    native_finish_reason: null,
    logprobs: null,
  };
  return line({ ...head(envelope), choices: [choice] });
}

const USAGE = {
  prompt_tokens: 12,
  completion_tokens: 40,
  total_tokens: 52,
  cost: 0.0000258,
  is_byok: false,
  prompt_tokens_details: { cached_tokens: 0 },
  cost_details: {
    upstream_inference_cost: null,
    upstream_inference_prompt_cost: 0.0000018,
    upstream_inference_completions_cost: 0.000024,
  },
  completion_tokens_details: { reasoning_tokens: 2 },
};

/** The finish, the usage with its cost, and the end. */
export function closingEvents(envelope: Envelope): string[] {
  const delta = { role: "assistant", content: "" };
  const finish = { index: 0, delta, finish_reason: "stop", native_finish_reason: "stop", logprobs: null };
  const bare = { index: 0, delta, finish_reason: null, native_finish_reason: null, logprobs: null };
  return [
    line({ ...head(envelope), choices: [finish] }),
    line({ ...head(envelope), choices: [bare], usage: USAGE }),
    DONE,
  ];
}

/** An answer without streaming whose text is `text`. */
export function completion(text: string): string {
  const message = { role: "assistant", content: text, refusal: null, reasoning: null };
  return JSON.stringify({
    ...head(FIXED_ENVELOPE),
    object: "chat.completion",
    system_fingerprint: "fp_44add55e8f",
    choices: [{ index: 0, message, finish_reason: "stop", native_finish_reason: "stop", logprobs: null }],
    usage: USAGE,
  });
}
