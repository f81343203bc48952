import { expect, test } from "vitest";
import { collect, scriptedModel } from "../../test/step-runs.js";
import { definePipeline } from "./define-pipeline.js";
import { followRun } from "./follow-run.js";
import { closeInterrupted } from "./interrupted-run.js";
import { memoryRunStore } from "./memory-run-store.js";
import { runPipeline } from "./run-pipeline.js";
import { step } from "./step.js";

const one = definePipeline<string>("one", [step("only", ({ input }) => input)]);

test("a run that waits in a queue is followed, and begun under its id", async () => {
  const store = memoryRunStore();
  const { llm } = scriptedModel();
  await store.lease("r", 60_000, "queue");
  await store.checkpoint("r", "job", { waits: true }, "queue");
  const told = collect(followRun(store, "r"));
  await store.lease("r", 0, "queue");
  const run = await collect(runPipeline(one, "in", { llm, store, runId: "r" }));
  expect(await told).toEqual(run.map((event) => ({ ...event })));
  await expect(collect(runPipeline(one, "in", { llm, store, runId: "r" }))).rejects.toMatchObject({ status: 409 });
});

test("one that was given up while it waited counts on behind what was told", async () => {
  const store = memoryRunStore();
  const { llm } = scriptedModel();
  await store.checkpoint("r", "job", {});
  expect(await closeInterrupted(store, "r")).toMatchObject({ seq: 1, final: true });
  const run = await collect(runPipeline(one, "in", { llm, store, runId: "r" }));
  expect(run.map(({ seq, status }) => `${seq} ${status}`)).toEqual(["2 started", "3 completed"]);
});
