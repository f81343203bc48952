import { describe, expect, test } from "vitest";
import { rejection } from "./rejection.js";
import { json, upstream } from "./upstream.js";

const answered = (_seen: object, response: Parameters<typeof json>[0]) =>
  json(response, 200, { data: { total_cost: 1 } });
type Made = Awaited<ReturnType<typeof upstream>>;
const QUESTIONS: Record<string, (llm: Made["llm"]) => Promise<unknown>> = {
  "account.key": (llm) => llm.account.key(),
  "account.credits": (llm) => llm.account.credits(),
  "account.generation": (llm) => llm.account.generation("gen-1"),
};

describe.each(Object.entries(QUESTIONS))("%s() with a key function that hangs", (_name, ask) => {
  const hanging = async () => {
    const asked = Promise.withResolvers<void>();
    const made = await upstream(answered, {
      apiKey: () => {
        asked.resolve();
        return new Promise<string>(() => {});
      },
      timeouts: { totalMs: 5_000 },
    });
    return { ...made, asked: asked.promise };
  };

  test("F31 ends with the caller's signal", async () => {
    const { llm, asked, requests } = await hanging();
    const caller = new AbortController();
    const work = rejection(ask(llm.scope({ signal: caller.signal })));
    await asked;
    caller.abort("enough");
    expect(await work).toMatchObject({ code: "aborted", cause: "enough" });
    expect(requests).toEqual([]);
  });

  test("ends with the total time", async () => {
    const { llm, asked, clock } = await hanging();
    const work = rejection(ask(llm));
    await asked;
    clock.advance(5_000);
    expect(await work).toMatchObject({ code: "timeout", phase: "total" });
    expect(clock.pending).toEqual([]);
  });

  test("ends with the client", async () => {
    const { llm, asked } = await hanging();
    const work = rejection(ask(llm));
    await asked;
    await llm.close();
    expect((await work).code).toBe("aborted");
  });
});

test("the total time of a question about the account runs over its answer, too", async () => {
  const arrived = Promise.withResolvers<void>();
  const { llm, clock } = await upstream(() => arrived.resolve(), {
    timeouts: { totalMs: 5_000, idleMs: 0, firstTokenMs: 0 },
  });
  const work = rejection(llm.account.key());
  await arrived.promise;
  clock.advance(5_000);
  expect(await work).toMatchObject({ code: "timeout", phase: "total", detail: expect.stringContaining("5000 ms") });
});

test("an answer leaves no timer and no listener behind", async () => {
  const { llm, clock } = await upstream(answered, { timeouts: { totalMs: 5_000 } });
  const caller = new AbortController();
  let listeners = 0;
  const { signal } = caller;
  const [add, remove] = [signal.addEventListener.bind(signal), signal.removeEventListener.bind(signal)];
  signal.addEventListener = (...args: Parameters<typeof add>) => {
    listeners += 1;
    add(...args);
  };
  signal.removeEventListener = (...args: Parameters<typeof remove>) => {
    listeners -= 1;
    remove(...args);
  };
  await llm.scope({ signal }).account.key();
  expect([clock.pending, listeners]).toEqual([[], 0]);
});
