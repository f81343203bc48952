import type { ServerResponse } from "node:http";
import fc from "fast-check";
import { expect, test } from "vitest";
import { LLMError, memoryResponseCache } from "../src/index.js";
import { completion, events, json, textChunk, upstream } from "./upstream.js";

/** What becomes of a request that reaches the model. */
const fates = fc.constantFrom("answer", "fail", "cut", "late");
/** A call: what it asks, how, and whether its caller leaves at some moment. */
const calls = fc.record({
  question: fc.integer({ min: 0, max: 2 }),
  streamed: fc.boolean(),
  leavesAt: fc.option(fc.integer({ min: 0, max: 12 }), { nil: undefined }),
});

const finish = { choices: [{ index: 0, delta: {}, finish_reason: "stop" }], usage: completion.usage };

function end(response: ServerResponse, fate: string, isStreamed: boolean): void {
  if (response.destroyed) return;
  const [choice] = completion.choices;
  if (fate === "fail") json(response, 400, { error: { code: 400, message: "no" } });
  else if (isStreamed) {
    events(response, textChunk("hi"), ...(fate === "cut" ? [] : [finish, "data: [DONE]\n\n"]));
    response.end();
  } else
    json(response, 200, { ...completion, choices: [{ ...choice, finish_reason: fate === "cut" ? "length" : "stop" }] });
}

test("whatever fails, is cut or left, every call ends, and nobody gets another's failure", {
  timeout: 60_000,
}, async () => {
  const waiting: { response: ServerResponse; isStreamed: boolean }[] = [];
  const { llm, requests } = await upstream(
    (seen, response) => void waiting.push({ response, isStreamed: seen.body.stream === true }),
    { model: "openai/gpt-4o", responseCache: memoryResponseCache({ singleFlight: true }), retry: false },
  );
  let round = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(calls, { minLength: 2, maxLength: 10 }),
      fc.infiniteStream(fates),
      async (asked, fate) => {
        const before = requests.length;
        const name = `round ${round++}`;
        const callers = asked.map(({ question, streamed, leavesAt }) => {
          const caller = new AbortController();
          const request = { prompt: `${name}: ${question}`, temperature: 0, signal: caller.signal };
          const result = streamed ? llm.stream(request).result : llm.generate(request);
          const ended = result.then(
            ({ fromCache, text, cost }) => ({ text, fromCache, usd: cost?.usd, code: undefined }),
            (error: unknown) => ({
              text: "",
              fromCache: undefined,
              usd: 0,
              code: LLMError.is(error) ? error.code : "unknown",
            }),
          );
          return { caller, leavesAt, ended };
        });
        let isOver = false;
        const ends = Promise.all(callers.map(({ ended }) => ended)).finally(() => {
          isOver = true;
        });
        for (let tick = 0; !isOver; tick++) {
          for (const { caller, leavesAt } of callers) if (leavesAt === tick) caller.abort();
          const next = waiting.shift();
          const what = fate.next().value ?? "answer";
          if (next !== undefined && what === "late") waiting.push(next);
          else if (next !== undefined) end(next.response, what, next.isStreamed);
          await new Promise((resolve) => setImmediate(resolve));
        }
        const outcomes = await ends;
        const sent = requests.length - before;
        const failed = outcomes.filter(({ code }) => code !== undefined && code !== "aborted").length;
        const hits = outcomes.filter(({ fromCache }) => fromCache === true);
        // Who did not get an answer of the cache has asked, or has left: no failure is handed on.
        expect(failed).toBeLessThanOrEqual(sent);
        expect(sent).toBeLessThanOrEqual(asked.length);
        expect(hits.every(({ text, usd }) => text === "hi" && usd === 0)).toBe(true);
        expect(hits.length + sent).toBeGreaterThanOrEqual(outcomes.filter(({ code }) => code !== "aborted").length);
        waiting.length = 0;
      },
    ),
    { numRuns: 60 },
  );
});
