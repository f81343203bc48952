import { describe, expect, test } from "vitest";
import { dictatedRun, settled, textOf, told } from "../../test/chat-runs.js";
import { ManualClock } from "../../test/manual-clock.js";
import { createError } from "../errors/error-classes.js";
import { memoryRunStore } from "../steps/memory-run-store.js";
import { stopRun } from "../steps/stop-run.js";
import { chatRunExists, followChatRun } from "./follow-chat-run.js";

const started = { type: "start", generationId: "gen-1", model: "vendor/model" } as const;

describe("what is kept", () => {
  test("is every event, numbered from 1 without a gap, and a final one with the public result", async () => {
    const { run, source, store } = dictatedRun();
    const live = told(run.events);
    source.push(started).text("Hello");
    await settled();
    source.text(" world").finish();
    const events = await live;
    await run.settled;
    expect(events.map(({ seq, step, status, progress }) => [seq, step, status, progress])).toEqual([
      [1, "chat", "started", 0],
      [2, "chat", "processing", 0],
      [3, "chat", "processing", 0],
      [4, "chat", "completed", 100],
    ]);
    expect(events.at(-1)).toMatchObject({
      final: true,
      runId: run.runId,
      data: { type: "finish", result: { text: "Hello world", finishReason: "stop" } },
      usage: { promptTokens: 7, completionTokens: 2, totalTokens: 9, cachedTokens: 3 },
      cost: { usd: 0.00012 },
    });
    expect(await store.read(run.runId, 0)).toEqual(JSON.parse(JSON.stringify(events)));
    expect(JSON.stringify(events)).not.toContain("secret-raw");
    expect(run.runId).toMatch(/^[0-9a-f]{32}$/);
    expect(await run.result).toMatchObject({ text: "Hello world", raw: { upstream: "secret-raw" } });
  });

  test("is no prompt", async () => {
    const { run, source, store, requests } = dictatedRun();
    source.finish();
    await run.settled;
    expect(requests).toMatchObject([{ prompt: "Hi" }]);
    expect(JSON.stringify([await store.load(run.runId), await store.read(run.runId, 0)])).not.toContain("Hi");
  });

  test("tells deltas that one network read brought as one event", async () => {
    const { run, source } = dictatedRun();
    source.text("a", "b", "c").push({ type: "reasoning-delta", step: 0, text: "hm" }).text("d").finish();
    const events = await told(run.events);
    expect(events.map(({ data }) => data)).toMatchObject([
      { type: "text-delta", text: "abc" },
      { type: "reasoning-delta", text: "hm" },
      { type: "text-delta", text: "d" },
      { type: "finish" },
    ]);
  });

  test("says nothing of why a tool has failed, and nothing of upstream that may not be shown", async () => {
    const { run, source, store } = dictatedRun();
    source.push({
      type: "tool-result",
      step: 0,
      id: "c",
      name: "t",
      result: { error: "the password is 1234" },
      isError: true,
    });
    source.fail(createError("provider_error", "secret words of upstream", { generationId: "gen-9" }));
    const events = await told(run.events);
    await run.settled;
    expect(events.at(-1)).toMatchObject({
      status: "error",
      final: true,
      data: { code: "provider_error", generationId: "gen-9", completedSteps: [], nextStep: null },
    });
    expect(JSON.stringify(await store.read(run.runId, 0))).not.toMatch(/1234|secret words/);
    await expect(run.result).rejects.toMatchObject({ message: "secret words of upstream" });
    expect(events.at(-1)?.cause).toBe(await run.result.catch((error: unknown) => error));
  });
});

describe("readers", () => {
  test("that leave stop nothing, and what they missed is told to the next one", async () => {
    const { run, source } = dictatedRun();
    source.text("one ");
    for await (const _event of run.events) break;
    source.text("two").finish();
    expect(textOf(await told(run.events))).toBe("one two");
    expect(source.abortedWith).toBeUndefined();
  });

  test("are told alike, the first one, those of other processes, those that come late", async () => {
    const { run, source, store } = dictatedRun();
    await run.kept;
    const all = [
      told(run.events),
      told(followChatRun(store, run.runId)),
      told(followChatRun(store, run.runId, { after: 1 })),
    ];
    source.push(started);
    await settled();
    source.text("Hello");
    await settled();
    source.finish();
    const [first, second, third] = await Promise.all(all);
    expect(second).toEqual(JSON.parse(JSON.stringify(first)));
    expect(third).toEqual(second?.slice(1));
    await run.settled;
    expect(await told(followChatRun(store, run.runId))).toEqual(second);
  });

  test("are told the final event whatever their position is", async () => {
    const { run, source, store } = dictatedRun();
    source.text("Hello").finish();
    await run.settled;
    for (const after of [1, 2, 3, 1_000_000]) {
      const [last, ...rest] = await told(followChatRun(store, run.runId, { after }));
      expect([last?.seq, last?.final, rest]).toEqual([2, true, []]);
    }
  });

  test("that read slowly are sent to the store: the run waits for none of them, and none misses anything", async () => {
    const { run, source, store } = dictatedRun();
    const part = "x".repeat(100_000);
    const reader = run.events[Symbol.asyncIterator]();
    source.push(started);
    const events = [(await reader.next()).value];
    for (let read = 0; read < 30; read++) {
      source.text(part);
      await settled();
    }
    source.finish();
    await run.settled;
    for (let turn = await reader.next(); !turn.done; turn = await reader.next()) events.push(turn.value);
    expect(events.map(({ seq }) => seq)).toEqual(Array.from({ length: 32 }, (_, index) => index + 1));
    expect(textOf(events)).toHaveLength(3_000_000);
    expect(await store.read(run.runId, 0)).toHaveLength(32);
  });

  test("can be stopped while nothing comes; the run goes on", async () => {
    const { run, source } = dictatedRun();
    const live = told(run.events);
    await settled();
    run.events.abort("enough");
    await expect(live).rejects.toMatchObject({ code: "aborted" });
    source.text("Hello").finish();
    expect(await run.result).toMatchObject({ text: "Hello world" });
  });

  test("find neither an id that is unknown nor a run that is no chat", async () => {
    const store = memoryRunStore();
    await store.checkpoint("deck-1", "run", { pipeline: "chat", input: {} });
    for (const id of ["unknown", "deck-1"]) {
      await expect(told(followChatRun(store, id))).rejects.toMatchObject({ code: "not_found" });
      expect(await chatRunExists(store, id)).toBe(false);
    }
  });
});

describe("an end", () => {
  test("by cancel() closes upstream and is told as aborted", async () => {
    const { run, source, store } = dictatedRun();
    const live = told(run.events);
    source.text("Hel");
    await settled();
    run.cancel();
    await source.aborted;
    expect((await live).at(-1)).toMatchObject({ status: "error", data: { code: "aborted" }, final: true });
    await run.settled;
    expect((await store.read(run.runId, 0)).at(-1)).toMatchObject({ data: { code: "aborted" }, final: true });
  });

  test("can be asked for through the store, by any process", async () => {
    const { run, source, store, clock } = dictatedRun();
    source.text("Hel");
    await run.kept;
    await settled();
    expect(await stopRun(store, run.runId, { clock })).toBe(true);
    expect(source.abortedWith).toBeDefined();
    await expect(run.result).rejects.toMatchObject({ code: "aborted" });
  });

  test("of the process shows as `interrupted` once its lease has run out", async () => {
    const clock = new ManualClock();
    const store = memoryRunStore({ clock });
    // What is left of a process that was killed: its marker and its events, and nobody who renews the lease.
    await store.checkpoint("gone", "run", { kind: "chat", steps: ["chat"] });
    const { run, source } = dictatedRun({ store: memoryRunStore({ clock }), clock });
    source.text("half an ans").finish();
    const [half] = await told(run.events);
    await store.append("gone", { ...half, runId: "gone" } as NonNullable<typeof half>);
    const events = await told(followChatRun(store, "gone", { clock }));
    expect(events.at(-1)).toMatchObject({
      seq: 2,
      status: "error",
      final: true,
      data: { code: "interrupted", retryable: true },
    });
    expect(textOf(events)).toBe("half an ans");
  });

  test("comes before anything is sent where the id is taken", async () => {
    const store = memoryRunStore();
    const first = dictatedRun({ store, runId: "same" });
    first.source.finish();
    await first.run.settled;
    const unkept: unknown[] = [];
    const second = dictatedRun({ store, runId: "same", onUnkept: (error) => unkept.push(error) });
    await expect(second.run.result).rejects.toMatchObject({ code: "invalid_request", status: 409 });
    expect([second.requests, unkept]).toEqual([[], []]);
    expect(await store.read("same", 0)).toHaveLength(1);
  });

  test.each([0, -1, Number.NaN])("is told at once where a lease of %j ms could keep no run", (leaseMs) => {
    expect(() => dictatedRun({ leaseMs })).toThrow(/leaseMs is not above 0/);
  });
});
