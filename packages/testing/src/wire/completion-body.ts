import { keepAliveWhitespace, type Step } from "../delivery/step.js";
import type { JsonObject } from "../json.js";
import {
  type Completion,
  completionHead,
  finishWords,
  reasoningFormat,
  reasoningSignature,
  shownReasoning,
} from "./completion.js";

/** Providers whose answers name the tier that served them; the others leave it null. */
const tiered = new Set(["anthropic", "google-vertex"]);

/** The JSON body of an answer without streaming. */
export function completionBody(completion: Completion): JsonObject {
  const choice: JsonObject = { index: 0, logprobs: null, ...finishWords(completion), message: message(completion) };
  return {
    ...completionHead(completion, "chat.completion"),
    system_fingerprint: null,
    service_tier: tiered.has(completion.route.endpoint.providerSlug) ? "default" : null,
    choices: [choice],
    usage: completion.usage,
    ...(completion.metadata && { openrouter_metadata: completion.metadata }),
  };
}

/** The body as it is sent: sometimes behind keep-alive whitespace, paced by the tokens it took to make it. */
export function* completionBodySteps(completion: Completion, body: JsonObject): Generator<Step> {
  const lines = completion.random.chance(0.6) ? completion.random.integer(1, 3) : 0;
  for (let line = 0; line < lines; line += 1) yield keepAliveWhitespace;
  yield { do: "write", data: JSON.stringify(body), tokens: completion.tokenized.tokens };
}

function message(completion: Completion): JsonObject {
  const { tokenized, callIds } = completion;
  const { answer } = tokenized;
  const text = tokenized.text.join("");
  const reasoning = shownReasoning(completion).join("");
  const written: JsonObject = {
    role: "assistant",
    content: text === "" && answer.toolCalls.length > 0 ? null : text,
    refusal: null,
    reasoning: reasoning || null,
  };
  if (answer.toolCalls.length > 0) {
    written.tool_calls = answer.toolCalls.map((call, index) => ({
      type: "function",
      index,
      id: call.id ?? (callIds[index] as string),
      function: { name: call.name, arguments: (tokenized.callArguments[index] ?? []).join("") },
    }));
  }
  const signature = reasoningSignature(completion);
  if (reasoning || signature !== undefined) {
    const detail: JsonObject = { type: "reasoning.text", format: reasoningFormat(completion), index: 0 };
    if (reasoning) detail.text = reasoning;
    if (signature !== undefined) detail.signature = signature;
    written.reasoning_details = [detail];
  }
  if (answer.annotations.length > 0) written.annotations = answer.annotations;
  return written;
}
