import { type GenerateRequest, type LLMClientOptions, memoryResponseCache } from "../src/index.js";
import { type Answer, completion, json, upstream } from "./upstream.js";

export const model = "openai/gpt-4o";
export const asked: GenerateRequest = { prompt: "x", temperature: 0 };
export const answered: Answer = (_seen, response) => json(response, 200, completion);
export const withCache = (answer: Answer = answered, options: LLMClientOptions = {}) =>
  upstream(answer, { model, responseCache: memoryResponseCache(), ...options });
