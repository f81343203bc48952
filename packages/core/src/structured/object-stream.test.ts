import { describe, expect, test } from "vitest";
import { growingDeck as client, Deck, deck, partialsOf, readsClient, refused } from "../../test/growing-deck.js";
import { ManualClock } from "../../test/manual-clock.js";
import { rejection } from "../../test/rejection.js";
import type { StructuredStreamOf } from "../generate/structured-types.js";

describe("reading and leaving", () => {
  test("one reader: a second one is refused", async () => {
    const stream = client([{ object: deck }]).ask();
    const reader = stream[Symbol.asyncIterator]();
    await reader.next();
    expect(() => stream[Symbol.asyncIterator]()).toThrow(/already has a reader/);
    expect(() => stream.events[Symbol.asyncIterator]()).toThrow(/already has a reader/);
    await reader.return?.();
  });

  test("overlapping pulls are answered in order", async () => {
    const stream = client([{ object: deck }]).ask();
    const reader = stream[Symbol.asyncIterator]();
    const pulled = await Promise.all(Array.from({ length: 8 }, () => reader.next()));
    const titles = pulled.map(({ value, done }) => (done ? "end" : JSON.stringify(value).length));
    expect(titles).toEqual([...titles].sort((a, b) => (a === "end" ? 1 : b === "end" ? -1 : Number(a) - Number(b))));
    expect(pulled.filter(({ done }) => !done).at(-1)?.value).toEqual(deck);
  });

  test("only `result`: the stream drains itself, and a late reader gets the whole in one piece", async () => {
    const stream = client([{ object: deck }]).ask({ partials: "per-delta" });
    expect((await stream.result).object).toEqual(deck);
    expect(await partialsOf(stream)).toEqual([deck]);
  });

  test("leaving the loop closes upstream; `result` rejects with what had come", async () => {
    const json = JSON.stringify(deck);
    const gate = Promise.withResolvers<void>();
    const { llm, state } = readsClient([[json.slice(0, 12)], [json.slice(12)]], gate.promise);
    const stream = llm.streamStructured({ prompt: "x", schema: Deck });
    for await (const partial of stream) {
      expect(partial).toEqual({ title: "So" });
      break;
    }
    gate.resolve();
    expect(await rejection(stream.result)).toMatchObject({
      name: "AbortError",
      code: "aborted",
      partial: { text: json.slice(0, 12) },
    });
    expect(state.closed).toBe(true);
  });

  test("abort() before anything came, the caller's signal, and disposal all end it with `aborted`", async () => {
    const { ask, requests } = client([{ object: deck }]);
    const early = ask();
    early.abort("no");
    expect(await rejection(early.result)).toMatchObject({ code: "aborted" });
    const controller = new AbortController();
    controller.abort();
    expect(await rejection(ask({ signal: controller.signal }).result)).toMatchObject({ code: "aborted" });
    let disposed: StructuredStreamOf<typeof Deck>;
    {
      await using stream = ask();
      disposed = stream;
    }
    expect(await rejection(disposed.result)).toMatchObject({ code: "aborted" });
    expect(requests).toEqual([]);
  });

  test("F31 the caller's signal ends it also while nobody reads on", async () => {
    const controller = new AbortController();
    const { llm, state } = readsClient([['{"title":"Sol'], ['ar"}']], new Promise(() => {}));
    const stream = llm.streamStructured({ prompt: "A deck", schema: Deck, signal: controller.signal });
    await stream[Symbol.asyncIterator]().next();
    controller.abort();
    expect([await rejection(stream.result), state.closed]).toMatchObject([{ code: "aborted" }, true]);
  });

  test("after an abort no rung is tried any more", async () => {
    const stream: { now?: StructuredStreamOf<typeof Deck> } = {};
    const { ask, requests } = client([
      () => {
        stream.now?.abort();
        return refused("response_format is not supported");
      },
      { object: deck },
    ]);
    stream.now = ask();
    expect(await rejection(stream.now.result)).toMatchObject({ code: "aborted" });
    expect(requests).toHaveLength(1);
  });

  test("a stream that nobody reads is closed by the idle clock", async () => {
    const clock = new ManualClock();
    const gate = Promise.withResolvers<void>();
    const { ask } = client(
      [
        async () => {
          await gate.promise;
          return { object: deck };
        },
      ],
      { clock },
    );
    const stream = ask({ timeouts: { idleMs: 1_000 } });
    clock.advance(1_000);
    gate.resolve();
    expect(await rejection(stream.result)).toMatchObject({ code: "timeout", phase: "idle" });
  });
});
