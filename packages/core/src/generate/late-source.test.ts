import { expect, test } from "vitest";
import { rejection } from "../../test/rejection.js";
import { sampleResult } from "../../test/scripted-source.js";
import { createError } from "../errors/error-classes.js";
import type { EventSource } from "./event-source.js";
import { LateSource } from "./late-source.js";
import type { StreamEvent } from "./stream-event.js";

/** A source of the given texts; after an abort it gives nothing more. */
function textSource(...texts: string[]): EventSource & { abortedWith: unknown[] } {
  return {
    abortedWith: [],
    result: undefined,
    async next() {
      if (this.abortedWith.length > 0) throw createError("aborted", "aborted");
      const text = texts.shift();
      if (text === undefined) Object.assign(this, { result: sampleResult() });
      return text === undefined ? undefined : delta(text);
    },
    abort(reason) {
      this.abortedWith.push(reason);
    },
  };
}

function late(...texts: string[]) {
  const here = Promise.withResolvers<void>();
  const inner = textSource(...texts);
  let opened = 0;
  const source = new LateSource(async () => {
    opened += 1;
    await here.promise;
    return inner;
  });
  return { source, inner, open: () => here.resolve(), opened: () => opened };
}
const asIs = (batch: StreamEvent[] | undefined) => batch;
const rethrow = (error: unknown): never => {
  throw error;
};
const delta = (text: string): StreamEvent[] => [{ type: "text-delta", step: 0, text }];

test("it is opened with the first read, once, and reads that overlap are answered in order", async () => {
  const { source, open, opened } = late("a", "b", "c");
  expect([opened(), source.result]).toEqual([0, undefined]);
  const early = [source.next(), source.pull(asIs, rethrow), source.next()];
  open();
  expect(await Promise.all(early)).toEqual([delta("a"), delta("b"), delta("c")]);
  expect(await source.next()).toBeUndefined();
  expect([opened(), source.result]).toEqual([1, sampleResult()]);
});

test("a source that answers pulls itself is left to do so once it is here", async () => {
  let pulls = 0;
  const inner = Object.assign(textSource("a"), {
    pull: async <T>(onBatch: (batch: undefined) => T | Promise<T>) => {
      pulls += 1;
      return onBatch(undefined);
    },
  });
  const source = new LateSource(async () => inner);
  expect(await source.pull(asIs, rethrow)).toEqual(delta("a"));
  expect(await source.pull(asIs, rethrow)).toBeUndefined();
  expect(pulls).toBe(1);
});

test("an abort while it opens reaches what it opens; a later one, and one from below, pass", async () => {
  const first = late();
  const read = rejection(first.source.next());
  first.source.abort("enough");
  first.source.abort("again");
  first.open();
  expect((await read).code).toBe("aborted");
  expect(first.inner.abortedWith).toEqual(["enough"]);

  const second = late("a");
  let told = 0;
  second.source.onAborted = () => {
    told += 1;
  };
  second.open();
  await second.source.next();
  second.inner.onAborted?.();
  second.source.abort("left");
  expect([told, second.inner.abortedWith]).toEqual([1, ["left"]]);
});

test("what cannot be opened fails every read with the same error", async () => {
  const failure = createError("invalid_config", "a part is missing");
  const source = new LateSource(() => Promise.reject(failure));
  expect(await rejection(source.next())).toBe(failure);
  expect(await source.pull<unknown>(asIs, (error) => error)).toBe(failure);
});
