import { expect, test } from "vitest";
import { AnswerServer, RawClient, turnUntil } from "../../test/answer-server.js";
import { ManualClock } from "../../test/manual-clock.js";
import { collect, scriptedModel } from "../../test/step-runs.js";
import { definePipeline } from "../steps/define-pipeline.js";
import { followRun } from "../steps/follow-run.js";
import { memoryRunStore } from "../steps/memory-run-store.js";
import { runPipeline } from "../steps/run-pipeline.js";
import { step } from "../steps/step.js";
import { pipeStream } from "./pipe-stream.js";

test("S16 a run goes out as `id`, `data`, `: ping` while idle, and `data: [DONE]` last; every data line is JSON", async () => {
  const clock = new ManualClock();
  const gate = Promise.withResolvers<void>();
  const { llm } = scriptedModel("x");
  const pipeline = definePipeline("p", [step("outline", () => gate.promise.then(() => "人工智能\n第二行"))]);
  await using server = await AnswerServer.start((_req, res) =>
    pipeStream(runPipeline(pipeline, {}, { llm, runId: "r", clock: new ManualClock() }), res, { clock }),
  );
  const client = new RawClient(server.port);
  await client.until("id: 1\ndata: {");
  clock.advance(15_000);
  await client.until(": ping\n\n");
  gate.resolve();
  await client.until("data: [DONE]\n\n");

  const data = client.text.match(/^data: .*$/gm) ?? [];
  const events = data.slice(0, -1).map((line) => JSON.parse(line.slice(6)) as { status: string; data: unknown });
  expect(events.map(({ status, data: result }) => [status, result])).toEqual([
    ["started", null],
    ["completed", "人工智能\n第二行"],
  ]);
  expect(client.text.match(/^id: \d+$/gm)).toEqual(["id: 1", "id: 2"]);
  expect(await server.handled[0]).toEqual({ outcome: "finished" });
});

test("a client that leaves stops the run and the call that is under way", async () => {
  const asked = Promise.withResolvers<AbortSignal>();
  const { llm } = scriptedModel("x");
  const store = memoryRunStore();
  const pipeline = definePipeline("p", [
    step("outline", ({ signal }) => {
      asked.resolve(signal);
      return new Promise(() => {});
    }),
  ]);
  await using server = await AnswerServer.start((_req, res) =>
    pipeStream(runPipeline(pipeline, {}, { llm, store, runId: "r" }), res),
  );
  const client = new RawClient(server.port);
  await client.until("started");
  const signal = await asked.promise;
  client.socket.destroy();
  await turnUntil(() => signal.aborted);
  expect(await server.handled[0]).toMatchObject({ outcome: "disconnected" });
  expect((await collect(followRun(store, "r"))).at(-1)).toMatchObject({
    status: "error",
    final: true,
    data: { code: "aborted" },
  });
});

test("a run that is refused rejects before anything is written", async () => {
  const { llm } = scriptedModel("x");
  const pipeline = definePipeline("p", [step("a", () => 1)]);
  await using server = await AnswerServer.start(async (_req, res) => {
    const run = runPipeline(pipeline, {}, { llm, resumeFrom: "nobody" });
    await pipeStream(run, res).catch((error: { status: number; message: string }) => {
      res.statusCode = error.status;
      res.end(error.message);
    });
  });
  const answer = await fetch(server.url);
  expect([answer.status, await answer.text()]).toEqual([404, "run not found: nobody"]);
});
