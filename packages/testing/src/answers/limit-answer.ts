import type { JsonObject } from "../json.js";
import { asStrings } from "../schema/json-schema.js";
import { tokenize } from "../text/tokens.js";
import type { Answer } from "./answer.js";

/** An answer cut into tokens, with its limits applied. */
export interface TokenizedAnswer {
  answer: Answer;
  reasoning: string[];
  text: string[];
  /** Per tool call, the pieces of its arguments. */
  callArguments: string[][];
  /** Completion tokens: reasoning, text and calls. */
  tokens: number;
}

// Name and framing of a call cost tokens too.
const tokensPerCall = 8;

/** Applies `stop` and the token limit; what they cut off is gone, and the finish word says why. */
export function limitAnswer(answer: Answer, body: JsonObject): TokenizedAnswer {
  const limit = tokenLimit(body) ?? Number.POSITIVE_INFINITY;
  let left = limit;
  const take = (pieces: string[]): string[] => {
    const taken = pieces.length > left ? pieces.slice(0, left) : pieces;
    left -= taken.length;
    return taken;
  };
  const wholeReasoning = tokenize(answer.reasoning);
  const reasoning = take(wholeReasoning);
  const handCut = answer.chunks?.filter((chunk) => typeof chunk === "string");
  const wholeText = handCut ?? tokenize(beforeStop(answer.text, body));
  const text = take(wholeText);
  const calls = answer.toolCalls.map((call) => tokenize(call.arguments));
  const callArguments = calls.map((pieces) => {
    left -= Math.min(left, tokensPerCall);
    return take(pieces);
  });
  const cut =
    reasoning.length < wholeReasoning.length ||
    text.length < wholeText.length ||
    callArguments.some((pieces, at) => pieces.length < (calls[at]?.length ?? 0));
  const tokens =
    reasoning.length + text.length + callArguments.reduce((sum, pieces) => sum + pieces.length + tokensPerCall, 0);
  return {
    answer: cut ? { ...answer, finishReason: "length", nativeFinishReason: undefined } : answer,
    reasoning,
    text,
    callArguments,
    tokens: Math.min(tokens, limit),
  };
}

/** `max_completion_tokens`, else `max_tokens`. */
export function tokenLimit(body: JsonObject): number | undefined {
  const limit = body.max_completion_tokens ?? body.max_tokens;
  return typeof limit === "number" ? limit : undefined;
}

function beforeStop(text: string, { stop }: JsonObject): string {
  const stops = typeof stop === "string" ? [stop] : asStrings(stop);
  const ends = stops
    .filter(Boolean)
    .map((word) => text.indexOf(word))
    .filter((at) => at >= 0);
  return ends.length > 0 ? text.slice(0, Math.min(...ends)) : text;
}
