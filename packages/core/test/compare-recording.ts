import type { GenerateResult, LLMError } from "../src/index.js";
import type { Expectation, Recording } from "./recordings.js";

/** Which codes a kind of the recordings may become. */
const CODES: Readonly<Record<string, readonly string[]>> = {
  bad_request: ["invalid_request", "model_not_found", "context_length"],
  unprocessable: ["invalid_request", "model_not_found", "context_length"],
  conflict: ["invalid_request", "model_not_found", "context_length"],
  authentication: ["authentication"],
  insufficient_credits: ["insufficient_credits"],
  moderation: ["content_policy"],
  forbidden: ["permission_denied", "content_policy"],
  not_found: ["model_not_found", "not_found"],
  payload_too_large: ["payload_too_large"],
  rate_limit: ["rate_limit"],
  timeout: ["timeout"],
  gateway_timeout: ["timeout"],
  edge_timeout: ["timeout"],
  server: ["provider_error"],
  bad_gateway: ["provider_error"],
  overloaded: ["provider_overloaded"],
  unavailable: ["provider_overloaded"],
  invalid_response: ["invalid_response", "empty_response"],
  connection: ["connection", "stream_truncated"],
};

/** Every difference between what was read and what the recording says; empty means right. */
export function differences(recording: Recording, outcome: { result?: GenerateResult; error?: LLMError }): string[] {
  const { expect } = recording;
  const found: string[] = [];
  const same = (what: string, got: unknown, wanted: unknown) => {
    if (JSON.stringify(got ?? null) !== JSON.stringify(wanted ?? null))
      found.push(`${what}: got ${JSON.stringify(got)}, wanted ${JSON.stringify(wanted)}`);
  };
  if (expect.error) {
    if (outcome.error === undefined) return ["no error, wanted one"];
    compareError(expect.error, outcome.error, found);
  } else if (outcome.error !== undefined) {
    return [`${outcome.error.code}: ${outcome.error.message}`];
  }
  const read: Partial<GenerateResult> = outcome.result ?? outcome.error?.partial ?? {};
  if (expect.text !== undefined) same("text", read.text ?? "", expect.text);
  if (expect.reasoning !== undefined) same("reasoning", read.reasoning ?? "", expect.reasoning);
  if (expect.finishReason !== undefined) same("raw finish", read.rawFinishReason ?? null, expect.finishReason);
  if (expect.nativeFinishReason !== undefined)
    same("native finish", read.nativeFinishReason ?? null, expect.nativeFinishReason);
  if (expect.finishUnified !== undefined && !expect.error) same("finish", read.finishReason, expect.finishUnified);
  if (expect.annotations !== undefined) same("annotations", read.annotations?.length ?? 0, expect.annotations);
  if (expect.images !== undefined) same("images", read.images?.length ?? 0, expect.images);
  if (expect.provider !== undefined) same("provider", read.servedBy, expect.provider);
  if (expect.id !== undefined) same("id", read.generationId, expect.id);
  if (expect.model !== undefined && outcome.result) same("model", read.model, expect.model);
  if (expect.refusal !== undefined) same("refusal", read.refusal, expect.refusal);
  compareCalls(expect, read, same);
  compareUsage(expect, read, same);
  return found;
}

type Same = (what: string, got: unknown, wanted: unknown) => void;

function compareCalls(expect: Expectation, read: Partial<GenerateResult>, same: Same): void {
  const calls = read.toolCalls ?? [];
  same("number of calls", calls.length, expect.toolCalls?.length ?? 0);
  for (const [position, wanted] of (expect.toolCalls ?? []).entries()) {
    const call = calls[position];
    if (wanted.id) same(`call ${position} id`, call?.id, wanted.id);
    same(`call ${position} name`, call?.name, wanted.name);
    if (wanted.argumentsRaw !== undefined) same(`call ${position} raw`, call?.rawArguments, wanted.argumentsRaw);
    if (wanted.argumentsInvalid) same(`call ${position} invalid`, [call?.invalid, call?.arguments], [true, undefined]);
    else same(`call ${position} arguments`, call?.arguments, wanted.arguments);
  }
  if (expect.idsMustBeMadeUnique)
    same("unique ids", new Set(calls.map((call) => call.id || undefined)).size, calls.length);
}

function compareUsage(expect: Expectation, read: Partial<GenerateResult>, same: Same): void {
  if (expect.usage === null) same("usage", read.usage, undefined);
  for (const [name, wanted] of Object.entries(expect.usage ?? {})) {
    if (name === "cost") same("cost", read.cost?.usd, wanted);
    else if (name === "isByok") same("isByok", read.cost?.isByok ?? false, wanted);
    else if (name !== "webSearchRequests")
      same(name, (read.usage as Record<string, unknown> | undefined)?.[name], wanted);
  }
}

function compareError(wanted: NonNullable<Expectation["error"]>, error: LLMError, found: string[]): void {
  if (!CODES[wanted.kind]?.includes(error.code)) found.push(`code: got ${error.code}, wanted one for ${wanted.kind}`);
  if (wanted.message && !error.detail.includes(wanted.message) && error.upstream?.message !== wanted.message) {
    found.push(`message: got ${error.detail} / ${error.upstream?.message}, wanted ${wanted.message}`);
  }
  if (typeof wanted.detail === "string" && !error.detail.includes(wanted.detail))
    found.push(`detail: got ${error.detail}, wanted ${wanted.detail}`);
  if (typeof wanted.retryable === "boolean" && error.retryable !== wanted.retryable)
    found.push(`retryable: got ${error.retryable}`);
  if (typeof wanted.retryAfterMs === "number" && error.retryAfterMs !== wanted.retryAfterMs) {
    found.push(`retryAfterMs: got ${error.retryAfterMs}, wanted ${wanted.retryAfterMs}`);
  }
  if (typeof wanted.providerName === "string" && error.servedBy !== wanted.providerName)
    found.push(`servedBy: got ${error.servedBy}`);
  if (typeof wanted.affordableTokens === "number" && error.affordableTokens !== wanted.affordableTokens) {
    found.push(`affordableTokens: got ${error.affordableTokens}`);
  }
}
