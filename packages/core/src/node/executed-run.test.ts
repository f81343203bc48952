import { describe, expect, test } from "vitest";
import { dictatedRun, told } from "../../test/chat-runs.js";
import type { LLM } from "../client/llm.js";
import { definePipeline } from "../steps/define-pipeline.js";
import { memoryRunStore } from "../steps/memory-run-store.js";
import { runPipeline } from "../steps/run-pipeline.js";
import { step } from "../steps/step.js";
import { endsWithReader } from "./ends-with-reader.js";
import { ExecutedRun } from "./executed-run.js";

const llm = { scope: () => llm } as unknown as LLM;

function executed(work: (signal: AbortSignal) => unknown, store = memoryRunStore()) {
  const pipeline = definePipeline("work", [step("only", ({ signal }) => work(signal))]);
  const faults: unknown[] = [];
  const run = new ExecutedRun(runPipeline(pipeline, {}, { llm, store }), (error, { runId, step: name }) => {
    faults.push([error, runId, name]);
  });
  return { run, faults, store };
}

/** Lasts until it is stopped. */
const untilStopped = (signal: AbortSignal) =>
  new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason), { once: true }));

describe("a run that this process executes", () => {
  test("comes to its end without a reader, and tells everybody all of it, then and later", async () => {
    const { run, faults } = executed(() => "done");
    const during = told(run.events());
    await run.settled;
    const statuses = (await during).map(({ status }) => status);
    expect(statuses).toEqual(["started", "completed"]);
    expect(await told(run.events())).toEqual(await during);
    expect([run.hasEnded, faults]).toEqual([true, []]);
    await expect(run.begun()).resolves.toBeUndefined();
  });

  test("tells what a step threw to whoever listens, and to its readers as an event", async () => {
    const fault = new Error("out of ink");
    const { run, faults } = executed(() => Promise.reject(fault));
    expect((await told(run.events())).at(-1)).toMatchObject({ status: "error", final: true });
    expect(faults).toEqual([[fault, run.runId, "only"]]);
  });

  test("that could not begin has no end, and says why", async () => {
    const away = new Error("ECONNREFUSED");
    const { run, faults } = executed(() => "never", { ...memoryRunStore(), load: () => Promise.reject(away) });
    await expect(run.begun()).rejects.toBe(away);
    await expect(told(run.events())).rejects.toBe(away);
    await run.settled;
    expect([run.hasEnded, faults]).toEqual([false, [[away, run.runId, undefined]]]);
  });

  test("is left alone by readers who leave", async () => {
    const gate = Promise.withResolvers<string>();
    const { run } = executed(() => gate.promise);
    for await (const _event of run.events()) break;
    gate.resolve("done");
    expect((await told(run.events())).at(-1)).toMatchObject({ status: "completed", final: true });
  });

  test("is cancelled for all who read it", async () => {
    const { run } = executed(untilStopped);
    const reader = told(run.events());
    await run.begun();
    run.cancel("enough");
    expect((await reader).at(-1)).toMatchObject({ final: true, data: { code: "aborted" } });
  });
});

describe("a reader that the run ends with", () => {
  test("has the events of the run, and ends it by giving up", async () => {
    const { run, store } = executed(untilStopped);
    const reader = endsWithReader(run);
    const events = told(reader);
    await run.begun();
    reader.abort("the client has left");
    await run.settled;
    expect((await events).map(({ status }) => status)).toEqual(["started", "error"]);
    expect((await store.read(run.runId, 0)).at(-1)).toMatchObject({ final: true, data: { code: "aborted" } });
  });

  test("ends a chat upstream, and its own reading at once", async () => {
    const { run, source, store } = dictatedRun();
    const reader = endsWithReader(run);
    const events = told(reader);
    events.catch(() => {});
    expect([reader.runId, reader.after]).toEqual([run.runId, 0]);
    await run.kept;
    const reason = new Error("the client has left");
    reader.abort(reason);
    await expect(events).rejects.toMatchObject({ code: "aborted", cause: reason });
    await run.settled;
    expect(source.abortedWith).toBe(reason);
    expect((await store.read(run.runId, 0)).at(-1)).toMatchObject({ final: true, data: { code: "aborted" } });
  });
});
