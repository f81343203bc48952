import { type LLM, LLMClient, RateLimitError } from "@signalbox/core";
import { scriptedProvider } from "@signalbox/core/testing";
import { concat, map, NEVER, Observable, of, throwError } from "rxjs";
import { describe, expect, test } from "vitest";
import { heldProvider } from "../../test/held-provider.js";
import { LLMService } from "../llm.service.js";
import { toAsyncIterable } from "./to-async-iterable.js";

const serviceOf = (provider: ReturnType<typeof scriptedProvider> | ReturnType<typeof heldProvider>) =>
  new LLMService(new LLMClient({ provider, env: false }) as LLM);

async function all<T>(values: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const value of values) list.push(value);
  return list;
}

describe("S31 toAsyncIterable()", () => {
  test("gives the values of a subscriber, and the end", async () => {
    const llm = serviceOf(scriptedProvider(["one two"]));
    expect((await all(toAsyncIterable(llm.text$({ prompt: "hi" })))).join("")).toBe("one two");
    const types = (await all(toAsyncIterable(llm.events$({ prompt: "hi" })))).map(({ type }) => type);
    expect([types[0], types.at(-1)]).toEqual(["start", "finish"]);
    const mapped = llm.text$({ prompt: "hi" }).pipe(map((text) => text.toUpperCase()));
    expect((await all(toAsyncIterable(mapped))).join("")).toBe("ONE TWO");
  });

  test("is cold: nothing is asked before it is read", async () => {
    const provider = scriptedProvider(["x"]);
    const iterable = toAsyncIterable(serviceOf(provider).text$({ prompt: "hi" }));
    await new Promise(setImmediate);
    expect(provider.requests).toHaveLength(0);
    await iterable.return?.();
    expect(await iterable.next()).toEqual({ value: undefined, done: true });
    expect(provider.requests).toHaveLength(0);
  });

  test.each([
    ["as it is", (text$: Observable<string>) => text$],
    ["changed", (text$: Observable<string>) => text$.pipe(map((text) => text))],
  ])(
    "leaving an Observable of ours %s aborts upstream before it returns, while a value is waited for",
    async (_how, change) => {
      const provider = heldProvider();
      const iterable = toAsyncIterable(change(serviceOf(provider).text$({ prompt: "hi" })));
      const first = iterable.next();
      await provider.calls(1);
      provider.say("one");
      expect(await first).toEqual({ value: "one", done: false });
      const waiting = iterable.next();
      const returned = iterable.return?.();
      expect(provider.signals[0]?.aborted).toBe(true);
      expect(await waiting).toEqual({ value: undefined, done: true });
      expect(await returned).toEqual({ value: undefined, done: true });
    },
  );

  test("errors come out of next()", async () => {
    const failure = new RateLimitError("rate_limit", "rate limit exceeded");
    const iterable = toAsyncIterable(
      concat(
        of(1),
        throwError(() => failure),
      ),
    );
    expect(await iterable.next()).toEqual({ value: 1, done: false });
    await expect(iterable.next()).rejects.toBe(failure);
  });

  test("what runs ahead of its reader is kept to the bound", async () => {
    let unsubscribed = false;
    const flood = new Observable<string>((subscriber) => {
      for (let index = 0; index < 10 && !subscriber.closed; index++) subscriber.next("12345");
      return () => {
        unsubscribed = true;
      };
    });
    const iterable = toAsyncIterable(concat(flood, NEVER), { maxBufferBytes: 12 });
    await expect(all(iterable)).rejects.toMatchObject({ code: "aborted" });
    expect(unsubscribed).toBe(true);
  });
});
