import type { TokenizedAnswer } from "../answers/limit-answer.js";
import { nativeFinishReason } from "../answers/vendor-dialect.js";
import type { Route } from "../catalogue/route-request.js";
import type { JsonObject } from "../json.js";
import type { Random } from "../random/random.js";
import type { CachedTokens } from "./usage.js";

/** An answer on its way to the wire: who gives it, under which id, at which price. */
export interface Completion {
  id: string;
  /** Seconds since the epoch. */
  created: number;
  route: Route;
  tokenized: TokenizedAnswer;
  /** Ids of the tool calls, in their order. */
  callIds: string[];
  /** The reasoning is billed but not shown. */
  hideReasoning: boolean;
  usage: JsonObject;
  /** Of its prompt. */
  cached: CachedTokens;
  /** `openrouter_metadata`, where it was asked for. */
  metadata: JsonObject | undefined;
  /** The generation that it repeats, out of the response cache: it is free. */
  sourceId?: string | undefined;
  /** Choices that do not change the meaning: keep-alives, signatures. */
  random: Random;
}

/** The members that head every chunk and every body. */
export function completionHead({ id, created, route }: Completion, object: string): JsonObject {
  return { id, object, created, model: route.model.canonicalSlug, provider: route.endpoint.providerName };
}

/** `finish_reason` and `native_finish_reason`. */
export function finishWords({ tokenized: { answer }, route }: Completion): {
  finish_reason: string | null;
  native_finish_reason: string | null;
} {
  const native =
    answer.nativeFinishReason === undefined
      ? nativeFinishReason(answer.finishReason, route.model.id)
      : answer.nativeFinishReason;
  return { finish_reason: answer.finishReason, native_finish_reason: native };
}

export function reasoningFormat({ route }: Completion): string {
  return route.model.reasoning?.format ?? "unknown";
}

/** The reasoning that is shown: none where the request excludes it, and none of Google's, which sends its signature only. */
export function shownReasoning(completion: Completion): string[] {
  return completion.hideReasoning || reasoningFormat(completion) === "google-gemini-v1"
    ? []
    : completion.tokenized.reasoning;
}

/** The opaque signature that Anthropic and Google put behind their reasoning; absent for others and without reasoning. */
export function reasoningSignature(completion: Completion): string | undefined {
  const format = reasoningFormat(completion);
  if (format !== "anthropic-claude-v1" && format !== "google-gemini-v1") return undefined;
  if (completion.hideReasoning || completion.tokenized.reasoning.length === 0) return undefined;
  return Buffer.from(`${completion.id}:${completion.tokenized.reasoning.length}`).toString("base64");
}
