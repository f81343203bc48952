/**
 * `@signalbox/core/openai`: the official `openai` client on top of ours. The only file that imports `openai`.
 *
 * @module core/openai
 */
import OpenAI from "openai";
import type { LLM } from "../client/llm.js";

/**
 * An official client whose every request goes through `llm.fetch`: it gains our transport, key, retries, limits,
 * budgets, policy and meter. Its own retries and time limit are off.
 *
 * Shape: the `OpenAI` class of the installed `openai` (5 or newer).
 * Throws: what `openai` throws; a refusal of ours arrives as its `APIError` with our status and code.
 */
export function openaiClient(llm: Pick<LLM, "fetch" | "baseURL">): OpenAI {
  return new OpenAI({
    // The key is ours to add; this one never leaves the process.
    apiKey: "set-by-signalbox",
    // Read from the environment otherwise, and sent to a service they are none of the business of.
    organization: null,
    project: null,
    baseURL: llm.baseURL ?? "http://provider.invalid/v1",
    maxRetries: 0,
    timeout: 2 ** 31 - 1,
    fetch: (input, init) => llm.fetch(input as string, init as RequestInit),
  });
}
