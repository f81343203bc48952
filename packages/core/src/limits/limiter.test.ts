import { describe, expect, test } from "vitest";
import { ManualClock } from "../../test/manual-clock.js";
import type { LimitStore, Limits } from "./limit-store.js";
import type { LimitedCall } from "./limited-call.js";
import { Limiter } from "./limiter.js";

const FREE = "openai/gpt-oss-20b:free";

function setup(store?: LimitStore) {
  const clock = new ManualClock();
  const limiter = new Limiter({ store, clock });
  const enter = async (limits: Limits | false | undefined, more: Partial<LimitedCall> = {}) =>
    limiter.enter({ limits, key: "k", model: "acme/m", providerName: "openrouter", ...more });
  return { clock, limiter, enter };
}
/** What became of a promise, once everything that can run has run. */
async function outcome(promise: Promise<unknown>): Promise<"in" | "waits" | string> {
  let state = "waits";
  promise.then(
    () => (state = "in"),
    (error: { code?: string }) => (state = error.code ?? "?"),
  );
  for (let turn = 0; turn < 50; turn++) await Promise.resolve();
  return state;
}

describe("requests a minute", () => {
  test("S34 the 21st call of a free model waits for the first minute to pass", async () => {
    const { clock, enter } = setup();
    for (let call = 0; call < 20; call++) await enter(undefined, { model: FREE });
    const late = enter({ maxWaitMs: 60_000 }, { model: FREE });
    expect(await outcome(late)).toBe("waits");
    clock.advance(59_999);
    expect(await outcome(late)).toBe("waits");
    clock.advance(1);
    expect(await outcome(late)).toBe("in");
  });

  test("S34 a wait beyond the bound is refused at once, with the time it would take", async () => {
    const { enter } = setup();
    for (let call = 0; call < 20; call++) await enter(undefined, { model: FREE });
    await expect(enter(undefined, { model: FREE })).rejects.toMatchObject({
      name: "RateLimitError",
      code: "rate_limit",
      status: 429,
      retryAfterMs: 60_000,
      detail: expect.stringContaining("rate limit exceeded"),
    });
  });

  test("S34 only free ids of OpenRouter are limited by default, each key by itself", async () => {
    const { enter } = setup();
    const states = async (more: Partial<LimitedCall>, limits?: false | Limits) => {
      let last: unknown;
      for (let call = 0; call < 21; call++) last = await outcome(enter(limits, more));
      return last;
    };
    expect(await states({ model: "acme/m" })).toBe("in");
    expect(await states({ model: "acme/m:freedom" })).toBe("in");
    expect(await states({ model: FREE, providerName: "custom" })).toBe("in");
    expect(await states({ model: FREE }, false)).toBe("in");
    expect(await states({ model: FREE }, { freeRequestsPerMinute: 0 })).toBe("in");
    expect(await states({ model: `${FREE}:online@preset/x` }, { onLimit: "reject" })).toBe("rate_limit");
    expect(await states({ model: FREE, key: "other" }, { freeRequestsPerMinute: 21 })).toBe("in");
  });

  test("S35 own limits count per subject, whatever the key", async () => {
    const { enter } = setup();
    const limits: Limits = { requestsPerMinute: 1, onLimit: "reject" };
    await enter(limits, { subject: "ann" });
    await expect(enter(limits, { subject: "ann", key: "other" })).rejects.toMatchObject({ retryAfterMs: 60_000 });
    expect(await outcome(enter(limits, { subject: "bob" }))).toBe("in");
  });

  test("those who wait get in one after the other, in the order they came", async () => {
    const { clock, enter } = setup();
    const limits: Limits = { requestsPerMinute: 1, maxWaitMs: 600_000 };
    await enter(limits);
    const order: number[] = [];
    for (const caller of [1, 2, 3]) void enter(limits).then(() => order.push(caller));
    for (const expected of [[1], [1, 2], [1, 2, 3]]) {
      await clock.until((waits) => waits.includes(60_000));
      clock.advance(60_000);
      await outcome(Promise.resolve());
      expect(order).toEqual(expected);
    }
  });

  test("a call in the line whose time is up hears when the window opens", async () => {
    const { clock, enter } = setup();
    await enter({ requestsPerMinute: 1 });
    const head = enter({ requestsPerMinute: 1, maxWaitMs: 60_000 });
    await clock.waiting(60_000);
    const behind = enter({ requestsPerMinute: 1, maxWaitMs: 10_000 });
    expect(await outcome(behind)).toBe("waits");
    clock.advance(10_000);
    await expect(behind).rejects.toMatchObject({ code: "rate_limit", retryAfterMs: 50_000 });
    clock.advance(50_000);
    expect(await outcome(head)).toBe("in");
  });

  test("S35 a 429 blocks what it was about until its time", async () => {
    const { clock, limiter, enter } = setup();
    await limiter.learn({ key: "k", model: FREE, retryAfterMs: 3_000 });
    await expect(enter({ onLimit: "reject" }, { model: FREE })).rejects.toMatchObject({ retryAfterMs: 3_000 });
    expect(await outcome(enter(undefined))).toBe("in");
    clock.advance(3_000);
    expect(await outcome(enter(undefined, { model: FREE }))).toBe("in");
    await limiter.learn({ key: "k", model: "acme/m", retryAfterMs: 2_000 });
    await expect(enter({ requestsPerMinute: 9, onLimit: "reject" })).rejects.toMatchObject({ retryAfterMs: 2_000 });
    expect(await outcome(enter({ requestsPerMinute: 9, onLimit: "reject" }, { model: "acme/other" }))).toBe("in");
    expect(await outcome(enter({ onLimit: "reject" }))).toBe("in");
  });

  test("S35 a limit that upstream tells raises or lowers the default, and only lowers a chosen one", async () => {
    const allowed = async (told: number, limits?: Limits) => {
      const { limiter, enter } = setup();
      await limiter.learn({ key: "k", model: FREE, limit: told, retryAfterMs: 0 });
      let count = 0;
      while ((await outcome(enter({ onLimit: "reject", ...limits }, { model: FREE }))) === "in") count++;
      return count;
    };
    expect(await allowed(5)).toBe(5);
    expect(await allowed(40)).toBe(40);
    expect(await allowed(40, { freeRequestsPerMinute: 10 })).toBe(10);
    expect(await allowed(4, { freeRequestsPerMinute: 10 })).toBe(4);
    expect(await allowed(Number.NaN)).toBe(20);
  });

  test("S35 a daily limit says nothing about a minute", async () => {
    const { clock, limiter, enter } = setup();
    await limiter.learn({ key: "k", model: FREE, limit: 50, retryAfterMs: 3_600_000 });
    clock.advance(3_600_000);
    for (let call = 0; call < 20; call++) await enter(undefined, { model: FREE });
    await expect(enter({ onLimit: "reject" }, { model: FREE })).rejects.toMatchObject({ code: "rate_limit" });
  });
});

describe("S35 a refusal says whose limit it is", () => {
  const OWN = "rate limit exceeded: this client's own limit";
  const upstreams = (until: string) =>
    `rate limit exceeded: upstream's limit; after its 429 nothing is sent before 2026-11-23T${until}Z`;
  const refusal = (call: Promise<unknown>) =>
    call.then(
      () => undefined,
      (error: { detail?: string; hint?: string }) => error,
    );

  test("upstream's, of one model and of the account, with the time and that waiting helps", async () => {
    for (const limit of [undefined, 20]) {
      const { limiter, enter } = setup();
      await limiter.learn({ key: "k", model: FREE, retryAfterMs: 30_000, limit });
      for (const limits of [{ onLimit: "reject" }, { maxWaitMs: 29_000 }] as const) {
        expect(await refusal(enter(limits, { model: FREE }))).toMatchObject({
          detail: upstreams("00:00:30.000"),
          retryAfterMs: 30_000,
          hint: expect.stringMatching(/^Waiting helps.*limits\.maxWaitMs/),
        });
      }
    }
  });

  test("upstream's, where the line in front waits for its reset", async () => {
    const { clock, limiter, enter } = setup();
    await limiter.learn({ key: "k", model: FREE, retryAfterMs: 30_000 });
    const head = enter({ maxWaitMs: 60_000 }, { model: FREE });
    await clock.waiting(30_000);
    const behind = refusal(enter({ maxWaitMs: 10_000 }, { model: FREE }));
    clock.advance(10_000);
    expect(await behind).toMatchObject({ detail: upstreams("00:00:30.000"), retryAfterMs: 20_000 });
    clock.advance(20_000);
    expect(await outcome(head)).toBe("in");
  });

  test("upstream's, where its count is used up; ours, where ours is lower or none was told", async () => {
    const detailAfter = async (calls: number, told: number | undefined, limits: Limits = {}) => {
      const { limiter, enter } = setup();
      await limiter.learn({ key: "k", model: FREE, limit: told, retryAfterMs: 0 });
      for (let call = 0; call < calls; call++) await enter(limits, { model: FREE });
      return (await refusal(enter({ onLimit: "reject", ...limits }, { model: FREE })))?.detail;
    };
    expect(await detailAfter(5, 5)).toBe(upstreams("00:01:00.000"));
    expect(await detailAfter(3, 5, { freeRequestsPerMinute: 3 })).toBe(OWN);
    expect(await detailAfter(20, undefined)).toBe(OWN);
  });

  test("ours again, once upstream's pause is over", async () => {
    const { clock, limiter, enter } = setup();
    await limiter.learn({ key: "k", model: FREE, limit: 50, retryAfterMs: 3_600_000 });
    clock.advance(3_600_000);
    for (let call = 0; call < 20; call++) await enter(undefined, { model: FREE });
    expect((await refusal(enter({ onLimit: "reject" }, { model: FREE })))?.detail).toBe(OWN);
  });
});

describe("calls in flight", () => {
  test("S36 never more than maxConcurrency, next come first served", async () => {
    const { enter } = setup();
    const limits: Limits = { maxConcurrency: 2 };
    const leave = [await enter(limits), await enter(limits)];
    const third = enter(limits);
    const fourth = enter(limits);
    expect(await outcome(third)).toBe("waits");
    leave[0]?.();
    leave[0]?.();
    expect(await outcome(third)).toBe("in");
    expect(await outcome(fourth)).toBe("waits");
    (await third)();
    expect(await outcome(fourth)).toBe("in");
  });

  test("S36 onLimit reject and a wait that is too long refuse", async () => {
    const { clock, enter } = setup();
    await enter({ maxConcurrency: 1 });
    await expect(enter({ maxConcurrency: 1, onLimit: "reject" })).rejects.toMatchObject({ code: "rate_limit" });
    const late = enter({ maxConcurrency: 1 });
    expect(await outcome(late)).toBe("waits");
    clock.advance(10_000);
    await expect(late).rejects.toMatchObject({
      code: "rate_limit",
      detail: expect.stringContaining("rate limit exceeded"),
    });
    expect(clock.pending).toEqual([]);
  });

  test("an abort while waiting rejects at once and gives up the place", async () => {
    const { clock, enter } = setup();
    const leave = await enter({ maxConcurrency: 1 });
    const caller = new AbortController();
    const gone = enter({ maxConcurrency: 1 }, { signal: caller.signal });
    const next = enter({ maxConcurrency: 1 });
    expect(await outcome(gone)).toBe("waits");
    caller.abort(new Error("left"));
    await expect(gone).rejects.toMatchObject({
      name: "AbortError",
      code: "aborted",
      cause: expect.objectContaining({ message: "left" }),
    });
    leave();
    expect(await outcome(next)).toBe("in");
    expect(clock.pending).toEqual([]);
    await expect(enter({ maxConcurrency: 9 }, { signal: caller.signal })).rejects.toMatchObject({ code: "aborted" });
  });

  test("an abort while the window is full frees the head of the line", async () => {
    const { clock, enter } = setup();
    const limits: Limits = { requestsPerMinute: 1, maxWaitMs: 60_000 };
    await enter(limits);
    const caller = new AbortController();
    const head = enter(limits, { signal: caller.signal });
    const next = enter(limits);
    expect(await outcome(head)).toBe("waits");
    caller.abort();
    await expect(head).rejects.toMatchObject({ code: "aborted" });
    clock.advance(60_000);
    expect(await outcome(next)).toBe("in");
    expect(clock.pending).toEqual([]);
  });

  test("a call that waits for its window holds no place", async () => {
    const { enter } = setup();
    const limits: Limits = { maxConcurrency: 1, requestsPerMinute: 1, maxWaitMs: 60_000 };
    (await enter(limits))();
    const waiting = enter(limits);
    expect(await outcome(waiting)).toBe("waits");
    expect(await outcome(enter({ maxConcurrency: 1 }))).toBe("in");
  });

  test("a store that fails gives the place back, and lets nobody through", async () => {
    const broken = { take: async () => Promise.reject(new Error("redis://user:secret@host is down")) };
    const { enter } = setup(broken);
    await expect(enter({ maxConcurrency: 1, requestsPerMinute: 5 })).rejects.toMatchObject({
      code: "provider_error",
      detail: "the limit store failed, and the call was not sent: Error",
      retryable: true,
      cause: expect.objectContaining({ message: expect.stringContaining("is down") }),
    });
    expect(await outcome(enter({ maxConcurrency: 1 }))).toBe("in");
  });

  test("a store that never answers holds nobody longer than maxWaitMs, nor after an abort", async () => {
    const hanging: LimitStore = { take: () => new Promise(() => {}) };
    const { clock, enter } = setup(hanging);
    const limits: Limits = { maxConcurrency: 1, requestsPerMinute: 5, maxWaitMs: 500 };
    const waits = enter(limits);
    expect(await outcome(waits)).toBe("waits");
    clock.advance(500);
    await expect(waits).rejects.toMatchObject({ code: "rate_limit" });
    const caller = new AbortController();
    const { signal } = caller;
    const left = [enter(limits, { signal }), enter({ requestsPerMinute: 5, onLimit: "reject" }, { signal })];
    expect(await Promise.all(left.map(outcome))).toEqual(["waits", "waits"]);
    caller.abort();
    for (const each of left) await expect(each).rejects.toMatchObject({ code: "aborted" });
    expect(await outcome(enter({ maxConcurrency: 1 }))).toBe("in");
  });
});
