import type { ServerResponse } from "node:http";
import { describe, expect, test } from "vitest";
import { type GenerateRequest, memoryResponseCache, type ResponseCache } from "../src/index.js";
import { turnUntil } from "./answer-server.js";
import { ManualClock } from "./manual-clock.js";
import { rejection } from "./rejection.js";
import { completion, events, json, textChunk, upstream } from "./upstream.js";

const asked: GenerateRequest = { prompt: "x", temperature: 0 };

/** A server that answers when it is told to, and a client whose equal calls ask it once. */
async function held() {
  const open: ServerResponse[] = [];
  const clock = new ManualClock();
  const responseCache = memoryResponseCache({ singleFlight: true, clock });
  const options = { model: "openai/gpt-4o", responseCache, clock, retry: false } as const;
  const { llm } = await upstream((_seen, response) => void open.push(response), options);
  const requests = (count: number) => turnUntil(() => open.length === count);
  return { llm, clock, open, requests };
}

const answer = (response: ServerResponse | undefined) => response && json(response, 200, completion);
/** One more wait than before has begun: a minute is what a call waits for another's answer. */
const waiters = (clock: ManualClock, count: number) =>
  clock.until((waits) => waits.filter((ms) => ms === 60_000).length >= count + 1);

describe("of equal calls at once", () => {
  test("one asks the model, and all have its answer: the others for nothing", async () => {
    const { llm, clock, open, requests } = await held();
    const calls = Array.from({ length: 5 }, () => llm.generate(asked));
    const stream = llm.stream(asked).result;
    await requests(1);
    await waiters(clock, 5);
    answer(open[0]);
    const results = await Promise.all([...calls, stream]);
    expect(results.map(({ text }) => text)).toEqual(Array(6).fill("hi"));
    expect(results.map(({ cost }) => cost?.usd).toSorted()).toEqual([0, 0, 0, 0, 0, 0.25]);
    expect([open.length, llm.usage.total.requests]).toEqual([1, 1]);
  });

  test("a stream that makes the answer is read by its own reader, and told to the others whole", async () => {
    const { llm, clock, open, requests } = await held();
    const making = llm.stream(asked);
    await requests(1);
    const waiting = llm.generate(asked);
    await waiters(clock, 1);
    const [response] = open;
    if (response === undefined) throw new Error("nothing was asked");
    events(response, textChunk("h"));
    const reader = making[Symbol.asyncIterator]();
    expect((await reader.next()).value).toBe("h");
    events(response, textChunk("i"), { choices: [{ index: 0, delta: {}, finish_reason: "stop" }] }, "data: [DONE]\n\n");
    response.end();
    expect([(await reader.next()).value, (await reader.next()).done]).toEqual(["i", true]);
    expect(await waiting).toMatchObject({ text: "hi", fromCache: true });
  });

  test("those whose answer fails go on by themselves, all at once", async () => {
    const { llm, clock, open, requests } = await held();
    const failing = rejection(llm.generate(asked));
    await requests(1);
    const others = [llm.generate(asked), llm.generate(asked)];
    await waiters(clock, 2);
    if (open[0]) json(open[0], 400, { error: { code: 400, message: "no" } });
    expect((await failing).code).toBe("invalid_request");
    await requests(3);
    open.slice(1).forEach(answer);
    for (const { text, fromCache } of await Promise.all(others)) expect([text, fromCache]).toEqual(["hi", undefined]);
  });

  test("an answer that is not kept is no answer for the others", async () => {
    const { llm, clock, open, requests } = await held();
    const cut = llm.generate(asked);
    await requests(1);
    const other = llm.generate(asked);
    await waiters(clock, 1);
    const [choice] = completion.choices;
    if (open[0]) json(open[0], 200, { ...completion, choices: [{ ...choice, finish_reason: "length" }] });
    expect((await cut).finishReason).toBe("length");
    await requests(2);
    answer(open[1]);
    expect((await other).finishReason).toBe("stop");
  });

  test("when the one that asks is called off, one other takes over", async () => {
    const { llm, clock, open, requests } = await held();
    const caller = new AbortController();
    const leaving = rejection(llm.generate({ ...asked, signal: caller.signal }));
    await requests(1);
    const others = [llm.generate(asked), llm.stream(asked).result, llm.generate(asked)];
    await waiters(clock, 3);
    caller.abort();
    expect((await leaving).code).toBe("aborted");
    await requests(2);
    await waiters(clock, 2);
    answer(open[1]);
    const marks = (await Promise.all(others)).map(({ fromCache }) => fromCache === true);
    expect([marks.toSorted(), open.length]).toEqual([[false, true, true], 2]);
  });

  test("one that waits and is called off leaves the others as they are", async () => {
    const { llm, clock, open, requests } = await held();
    const making = llm.generate(asked);
    await requests(1);
    const caller = new AbortController();
    const leaving = rejection(llm.generate({ ...asked, signal: caller.signal }));
    const staying = llm.generate(asked);
    await waiters(clock, 2);
    caller.abort();
    expect((await leaving).code).toBe("aborted");
    answer(open[0]);
    expect([(await making).text, (await staying).fromCache, open.length]).toEqual(["hi", true, 1]);
  });

  test("nobody waits for longer than a minute", async () => {
    const { llm, clock, open, requests } = await held();
    const making = llm.generate(asked);
    await requests(1);
    const waiting = llm.generate(asked);
    await waiters(clock, 1);
    clock.advance(60_000);
    await requests(2);
    answer(open[1]);
    expect((await waiting).fromCache).toBeUndefined();
    answer(open[0]);
    expect((await making).text).toBe("hi");
  });

  test("an object that does not fit is no answer for the others", async () => {
    const { llm, clock, open, requests } = await held();
    const schema = { type: "object", properties: { n: { type: "integer" } }, required: ["n"] };
    const first = rejection(llm.generateStructured({ ...asked, schema, reasks: 0 }));
    await requests(1);
    const other = llm.generateStructured({ ...asked, schema, reasks: 0 });
    await waiters(clock, 1);
    answer(open[0]);
    expect((await first).code).toBe("structured_output");
    await requests(2);
    const message = { role: "assistant", content: '{"n":1}' };
    if (open[1]) json(open[1], 200, { ...completion, choices: [{ index: 0, message, finish_reason: "stop" }] });
    expect((await other).object).toEqual({ n: 1 });
  });
});

test("a right that comes when its caller has left is given back", async () => {
  const claimed = Promise.withResolvers<string>();
  const asking = Promise.withResolvers<void>();
  const given = Promise.withResolvers<string>();
  const responseCache: ResponseCache = {
    get: async () => undefined,
    set: async () => {},
    claim() {
      asking.resolve();
      return claimed.promise;
    },
    yield: async (_key, claim, why) => given.resolve(`${claim} ${why}`),
    wait: async () => undefined,
  };
  const { llm, requests } = await upstream((_seen, response) => json(response, 200, completion), { responseCache });
  const caller = new AbortController();
  const leaving = rejection(llm.generate({ ...asked, signal: caller.signal }));
  await asking.promise;
  caller.abort();
  expect((await leaving).code).toBe("aborted");
  claimed.resolve("mine");
  expect([await given.promise, requests.length]).toEqual(["mine left", 0]);
});

test("a right that comes in the very moment in which its caller leaves is given back", async () => {
  for (let turns = 0; turns < 20; turns++) {
    const given: string[] = [];
    const caller = new AbortController();
    const responseCache: ResponseCache = {
      get: async () => undefined,
      set: async () => {},
      async claim() {
        let leaving = Promise.resolve();
        for (let turn = 0; turn < turns; turn++) leaving = leaving.then(() => {});
        void leaving.then(() => caller.abort());
        return "mine";
      },
      yield: async (_key, claim, why) => void given.push(`${claim} ${why}`),
      wait: async () => undefined,
    };
    const { llm } = await upstream((_seen, response) => json(response, 200, completion), { responseCache });
    expect((await rejection(llm.generate({ ...asked, signal: caller.signal }))).code).toBe("aborted");
    await llm.settled();
    expect([turns, given]).toEqual([turns, ["mine left"]]);
  }
});

test("a stream of an object that is left when its answer is here gives the right back", async () => {
  const { llm, open, requests } = await held();
  const schema = { type: "object", properties: { n: { type: "integer" } }, required: ["n"] };
  const making = llm.streamStructured({ ...asked, schema });
  const reader = making[Symbol.asyncIterator]();
  const first = reader.next();
  await requests(1);
  if (open[0]) events(open[0], textChunk('{"n":1}'));
  expect((await first).value).toEqual({ n: 1 });
  making.abort();
  expect((await rejection(making.result)).code).toBe("aborted");
  const next = llm.generateStructured({ ...asked, schema });
  await requests(2);
  const message = { role: "assistant", content: '{"n":2}' };
  if (open[1]) json(open[1], 200, { ...completion, choices: [{ index: 0, message, finish_reason: "stop" }] });
  expect((await next).object).toEqual({ n: 2 });
});
