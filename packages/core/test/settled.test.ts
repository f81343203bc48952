import { describe, expect, test } from "vitest";
import { BudgetLog, roomy } from "./budget-log.js";
import { rejection } from "./rejection.js";
import { turnOfTheLoop } from "./scripted-client.js";
import { events, json, type Seen, textChunk, upstream } from "./upstream.js";

const prompt = "x";
const model = "openai/gpt-4o";
type Response = Parameters<typeof json>[0];

/** A stream that stays open; its generation is found at the first look. */
const open = (seen: Seen, response: Response) =>
  seen.path.includes("/generation")
    ? json(response, 200, { data: { total_cost: 0.3, native_tokens_prompt: 40, native_tokens_completion: 9 } })
    : events(response, textChunk("word"));

describe("llm.settled() at the end of a handler", () => {
  test.each(["break", "abort()", "dispose", "a cancelled llm.fetch"])(
    "waits for what %s left to be looked up",
    async (how) => {
      const { llm, clock, baseURL } = await upstream(open, { model });
      if (how === "a cancelled llm.fetch") {
        const body = JSON.stringify({ model, messages: [], stream: true });
        const answer = await llm.fetch(`${baseURL}/chat/completions`, { method: "POST", body });
        const reader = answer.body?.getReader();
        await reader?.read();
        void reader?.cancel();
      } else {
        const stream = llm.stream({ prompt });
        const reader = stream[Symbol.asyncIterator]();
        await reader.next();
        if (how === "break") void reader.return?.();
        if (how === "abort()") stream.abort();
        if (how === "dispose") void stream[Symbol.asyncDispose]();
      }
      let settled = false;
      const done = llm.settled().then(() => {
        settled = true;
      });
      await clock.waiting(500);
      await turnOfTheLoop();
      expect(settled).toBe(false);
      clock.advance(500);
      await done;
      expect(llm.usage.total).toMatchObject({ requests: 1, promptTokens: 40, completionTokens: 9, usd: 0.3 });
    },
  );

  test.each(["stream", "fetch"])(
    "waits for what a cut connection left, on the road of %s(), and books it once",
    async (road) => {
      const store = new BudgetLog();
      const { llm, clock, baseURL } = await upstream(
        async (seen, response) => {
          if (seen.path.includes("/generation")) return open(seen, response);
          events(response, textChunk("word"));
          await turnOfTheLoop();
          return response.destroy();
        },
        { model, retry: false, budget: roomy, budgetStore: store },
      );
      const heard: unknown[] = [];
      llm.on("usage", ({ cost, generationId }) => heard.push([cost?.usd, cost?.source, generationId]));
      if (road === "stream")
        expect((await rejection(llm.stream({ prompt }).result)).partial).toMatchObject({ text: "word" });
      else {
        const body = JSON.stringify({ model, messages: [], stream: true });
        const answer = await llm.fetch(`${baseURL}/chat/completions`, { method: "POST", body });
        await expect(answer.text()).rejects.toMatchObject({ code: "stream_truncated" });
      }
      const done = llm.settled();
      await clock.until((waits) => waits.includes(500) && waits.includes(5_000));
      clock.advance(500);
      await done;
      expect([heard, store.log, llm.usage.total.usd]).toEqual([
        [[0.3, "generation", "gen-1"]],
        ["reserve", "settle 0.3"],
        0.3,
      ]);
    },
  );

  test("gives up after timeoutMs; the look-up goes on", async () => {
    const { llm, clock } = await upstream(
      (seen, response) =>
        seen.path.includes("/generation") ? json(response, 404, { error: {} }) : open(seen, response),
      { model },
    );
    for await (const _ of llm.stream({ prompt })) break;
    const done = llm.settled({ timeoutMs: 700 });
    await clock.until((waits) => waits.includes(500) && waits.includes(700));
    clock.advance(500);
    await clock.waiting(1_000);
    clock.advance(200);
    await done;
    expect([llm.usage.total.requests, clock.pending.includes(800)]).toEqual([0, true]);
  });

  test("waits for nothing where nothing is pending", async () => {
    const { llm, clock } = await upstream(open, { model });
    await llm.settled();
    expect(clock.pending).toEqual([]);
  });
});

test.each([401, 403])("a look that is refused with %i is not tried again: the cost is estimated", async (status) => {
  const { llm, clock, requests } = await upstream(
    (seen, response) =>
      seen.path.includes("/generation") ? json(response, status, { error: {} }) : open(seen, response),
    { model },
  );
  const sources: unknown[] = [];
  llm.on("usage", ({ cost }) => sources.push(cost?.source));
  for await (const _ of llm.stream({ prompt })) break;
  const done = llm.settled();
  await clock.until((waits) => waits.includes(500) && waits.includes(5_000));
  clock.advance(500);
  await done;
  expect([sources, requests.length]).toEqual([["estimate"], 2]);
});
