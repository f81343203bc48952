import type { LLMClientOptions, LLMError } from "../src/index.js";
import { settle } from "./raw-upstream.js";
import { rejection } from "./rejection.js";
import { upstream } from "./upstream.js";

/** One answer of the server; JSON unless its headers say otherwise. */
export interface Written {
  status?: number;
  headers?: Record<string, string>;
  body?: unknown;
}
/** The body of a 429, with more or other fields. */
export const errorBody = (more: object) => ({ error: { code: 429, message: "Provider returned error", ...more } });

/** A client whose server gives these answers in turn, the last one again and again. */
export async function answering(answers: Written[], options: LLMClientOptions = {}) {
  const made = await upstream((_seen, response, count) => {
    const { status = 200, headers = {}, body = "" } = answers[Math.min(count, answers.length) - 1] ?? {};
    const type = { "content-type": "application/json", ...headers };
    return response.writeHead(status, type).end(typeof body === "string" ? body : JSON.stringify(body));
  }, options);
  made.clock.fixedRandom = 0;
  return made;
}

/** The error of a call that gets this one answer, and how often it was asked. */
export async function refused(answer: Written, options: LLMClientOptions = {}): Promise<[LLMError, number]> {
  const { llm, clock, requests } = await answering([answer], options);
  const thrown = await settle(rejection(llm.generate({ prompt: "x", model: "acme/one" })), clock);
  return [thrown, requests.length];
}
