import { z } from "zod";
import { jsonSchema, type LLMClient, type LLMClientOptions, tool } from "../src/index.js";
import type { ManualClock } from "./manual-clock.js";
import { SENTINEL } from "./sentinel-watch.js";
import { type Answer, completion, events, json, post, textChunk } from "./upstream.js";

const { key, prompt, header } = SENTINEL;
const headers = { "x-tenant": header };
const asked = { prompt, headers, model: "acme/one" };

/** What a run is made of: the server's answers, the client's options, and a call. */
export interface SentinelRun {
  answer?: Answer;
  options?: LLMClientOptions;
  call?: (llm: LLMClient, clock: ManualClock) => Promise<unknown>;
  /** The code that it ends with; absent for success. */
  code?: string;
}

export const generate = (llm: LLMClient) => llm.generate(asked);
const stream = (llm: LLMClient) => llm.stream(asked).result;
/** An answer that repeats what it must not: the key in words, the prompt as flagged input. */
const refuse =
  (status: number, more: object = {}): Answer =>
  (_seen, response) =>
    json(response, status, { error: { code: status, message: `no, ${key}`, ...more } });
const says =
  (content: string): Answer =>
  (_seen, response) =>
    json(response, 200, { ...completion, choices: [{ index: 0, message: { content }, finish_reason: "stop" }] });
const calls =
  (name: string, args: string): Answer =>
  (_seen, response) => {
    const tool_calls = [{ id: "c1", type: "function", function: { name, arguments: args } }];
    json(response, 200, { choices: [{ index: 0, message: { tool_calls }, finish_reason: "tool_calls" }] });
  };
const streams =
  (...parts: (object | string)[]): Answer =>
  (_seen, response) => {
    events(response, ...parts);
    response.end();
  };
const City = z.object({ city: z.enum(["Oslo", "Rome"]) });
const weather = tool({ name: "weather", parameters: City, execute: () => ({ degrees: 3 }) });
const broken = tool({
  name: "weather",
  parameters: z.object({ city: z.string() }),
  execute: () => {
    throw new Error("no disk");
  },
});
const useTools = (more: object) => (llm: LLMClient) => llm.generate({ ...asked, onToolError: "throw", ...more });

/** Every way for a call to end, by a server and a model that repeat what they must not. */
export const SENTINEL_RUNS: Record<string, SentinelRun> = {
  "a whole answer": {},
  "a streamed answer": { answer: streams(textChunk("hi"), { choices: [{ finish_reason: "stop" }] }), call: stream },
  "a retired id": { call: (llm) => llm.generate({ ...asked, model: "anthropic/claude-3-haiku:beta" }) },
  "an empty answer": { answer: says("") },
  retried: {
    answer: (seen, response, count) =>
      count === 1 ? refuse(503)(seen, response, count) : json(response, 200, completion),
  },
  "retried in vain": { answer: refuse(503), code: "provider_overloaded" },
  ...Object.fromEntries(
    [
      [400, "invalid_request"],
      [401, "authentication"],
      [402, "insufficient_credits"],
      [403, "permission_denied"],
      [404, "not_found"],
      [408, "timeout"],
      [409, "invalid_request"],
      [413, "payload_too_large"],
      [422, "invalid_request"],
      [429, "rate_limit"],
      [500, "provider_error"],
      [502, "provider_error"],
      [504, "timeout"],
      [529, "provider_overloaded"],
    ].map(([status, code]): [string, SentinelRun] => [
      `status ${status}`,
      { answer: refuse(Number(status)), code: `${code}` },
    ]),
  ),
  "a context too small": {
    answer: refuse(400, { message: `maximum context length is 10 tokens, ${key}` }),
    code: "context_length",
  },
  moderation: {
    answer: refuse(403, { metadata: { reasons: ["violence"], flagged_input: prompt, provider_name: "Acme" } }),
    code: "content_policy",
  },
  "a page": {
    answer: (_seen, response) => response.writeHead(502).end(`<html><title>${key}</title></html>`),
    code: "provider_error",
  },
  "a redirect": {
    answer: (_seen, response) => response.writeHead(307, { location: `/elsewhere?k=${key}` }).end(),
    code: "invalid_response",
  },
  "no JSON": { answer: (_seen, response) => response.end(`{"${prompt}`), code: "invalid_response" },
  "no answer": { answer: (_seen, response) => response.end(), code: "empty_response" },
  "an error in a 200 body": {
    answer: (_s, response) => json(response, 200, { error: { code: 500, message: key } }),
    code: "provider_error",
  },
  "an error in a choice": {
    answer: (_seen, response) =>
      json(response, 200, { choices: [{ message: { content: prompt }, error: { code: 502, message: key } }] }),
    code: "provider_error",
  },
  "an error in mid-stream": {
    answer: streams(textChunk(prompt), { error: { code: 500, message: key } }),
    call: stream,
    code: "provider_error",
  },
  "an event that is no JSON": {
    answer: streams(textChunk("a"), `data: ${prompt} ${key}\n\n`),
    call: stream,
    code: "invalid_response",
  },
  "a cut stream": { answer: streams(textChunk(prompt)), call: stream, code: "stream_truncated" },
  "a reset": { answer: (_seen, response) => response.destroy(), code: "connection" },
  "a reset stream": {
    answer: (_seen, response) => {
      events(response, textChunk(prompt));
      response.write("data: {", () => response.destroy());
    },
    call: stream,
    code: "stream_truncated",
  },
  "an idle server": {
    answer: () => undefined,
    options: { timeouts: { idleMs: 50 }, retry: false },
    call: async (llm, clock) => {
      const { result } = llm.stream(asked);
      result.catch(() => undefined);
      await clock.waiting(50);
      clock.advance(50);
      return result;
    },
    code: "timeout",
  },
  "a call that takes too long": {
    answer: () => undefined,
    options: { timeouts: { totalMs: 70 } },
    call: async (llm, clock) => {
      const result = llm.generate(asked);
      result.catch(() => undefined);
      await clock.waiting(70);
      clock.advance(70);
      return result;
    },
    code: "timeout",
  },
  "an abort before": {
    call: (llm) => llm.generate({ ...asked, signal: AbortSignal.abort() }),
    code: "aborted",
  },
  "an abort in mid-stream": {
    answer: (_seen, response) => events(response, textChunk(prompt)),
    call: async (llm) => {
      const run = llm.stream(asked);
      for await (const _ of run) run.abort();
      return run.result;
    },
    code: "aborted",
  },
  "a closed client": {
    call: async (llm) => {
      await llm.close();
      return generate(llm);
    },
    code: "aborted",
  },
  "an unknown option": { call: (llm) => llm.generate({ ...asked, promt: prompt } as never), code: "invalid_request" },
  "an option of the wrong type": {
    call: (llm) => llm.generate({ ...asked, temperature: prompt } as never),
    code: "invalid_request",
  },
  "a message of the wrong form": {
    call: (llm) => llm.generate({ headers, messages: prompt } as never),
    code: "invalid_request",
  },
  "a header that cannot be sent": {
    call: (llm) => llm.generate({ ...asked, headers: { "x-tenant": `${header}\r\nx-evil: 1` } }),
    code: "invalid_request",
  },
  "a header of llm.fetch that cannot be sent": {
    call: (llm) => llm.fetch(`${llm.baseURL}/x`, post({ prompt }, { headers: { "x-tenant": `${header}\n\u0000` } })),
    code: "invalid_request",
  },
  "a body of llm.fetch that is refused": {
    options: { policy: { denyModels: ["acme/*"] } },
    call: async (llm) =>
      (await llm.fetch(`${llm.baseURL}/chat/completions`, post({ model: "acme/one", prompt }, { headers }))).text(),
  },
  "a model that policy denies": { options: { policy: { denyModels: ["acme/*"] } }, code: "invalid_request" },
  "a model that does not exist": {
    answer: refuse(404, { message: `No endpoints found for acme/one, ${key}` }),
    code: "model_not_found",
  },
  "a budget that is used up": {
    options: { budget: { usd: 0.000001, per: "day", unknownPrice: "allow" }, model: "openai/gpt-4o" },
    call: (llm) => llm.generate({ prompt, headers, model: "openai/gpt-4o" }),
    code: "budget_exceeded",
  },
  "a limit that is reached": {
    options: { limits: { requestsPerMinute: 1, onLimit: "reject" } },
    call: async (llm) => {
      await generate(llm);
      return generate(llm);
    },
    code: "rate_limit",
  },
  "an object of zod's that does not fit": {
    answer: says(JSON.stringify({ city: prompt })),
    call: (llm) => llm.generateStructured({ ...asked, schema: City }),
    code: "structured_output",
  },
  "an object of a JSON Schema that does not fit": {
    answer: says(JSON.stringify({ city: prompt })),
    call: (llm) =>
      llm.generateStructured({
        ...asked,
        schema: jsonSchema({
          type: "object",
          properties: { city: { enum: ["Oslo"] }, size: { type: "number" } },
          required: ["city", "size"],
        }),
      }),
    code: "structured_output",
  },
  "an object that is no JSON": {
    answer: says(`${prompt}, { "city":`),
    call: (llm) => llm.generateStructured({ ...asked, schema: City }),
    code: "structured_output",
  },
  "a streamed object that does not fit": {
    answer: streams(textChunk(JSON.stringify({ city: prompt })), { choices: [{ finish_reason: "stop" }] }),
    call: (llm) => llm.streamStructured({ ...asked, schema: City }).result,
    code: "structured_output",
  },
  "arguments that do not fit": {
    answer: calls("weather", JSON.stringify({ city: prompt })),
    call: useTools({ tools: [weather] }),
    code: "tool",
  },
  "arguments that are no JSON": {
    answer: calls("weather", `{"city": "${prompt}`),
    call: useTools({ tools: [weather] }),
    code: "tool",
  },
  "a tool that does not exist": { answer: calls("wether", "{}"), call: useTools({ tools: [weather] }), code: "tool" },
  "a tool that fails": {
    answer: calls("weather", JSON.stringify({ city: prompt })),
    call: useTools({ tools: [broken] }),
    code: "tool",
  },
  "too many steps": {
    answer: calls("weather", '{"city":"Oslo"}'),
    call: useTools({ tools: [weather], maxSteps: 2 }),
    code: "max_steps",
  },
  "vectors that are refused": {
    answer: refuse(400),
    call: (llm) => llm.embed({ input: prompt, headers }),
    code: "invalid_request",
  },
  "vectors that are none": {
    answer: (_seen, response) => json(response, 200, { data: [{ embedding: prompt }] }),
    call: (llm) => llm.embed({ input: prompt, headers }),
    code: "invalid_response",
  },
  "a ranking that is none": {
    answer: (_seen, response) => json(response, 200, { results: [prompt] }),
    call: (llm) => llm.rerank({ query: prompt, documents: [prompt], headers }),
    code: "invalid_response",
  },
  "a list of models that is refused": {
    answer: refuse(500),
    call: (llm) => llm.models.refresh(),
    code: "provider_error",
  },
  "a key that is asked about": { answer: refuse(401), call: (llm) => llm.account.key(), code: "authentication" },
};
