import { expect, test } from "vitest";
import { collect, scriptedModel } from "../../test/step-runs.js";
import { createError } from "../errors/error-classes.js";
import { definePipeline } from "./define-pipeline.js";
import { runPipeline } from "./run-pipeline.js";
import { step } from "./step.js";
import type { StepContext } from "./step-types.js";

const priced = (prompt: number, completion: number, cost: number) => ({
  text: "two words",
  usage: { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion, cost },
});

async function metered(run: (context: StepContext) => Promise<unknown>, ...replies: Parameters<typeof scriptedModel>) {
  const { llm } = scriptedModel(...replies);
  const pipeline = definePipeline("p", [step("a", run), step("b", () => 1)]);
  const events = await collect(runPipeline(pipeline, {}, { llm }));
  const last = (name: string) => events.findLast((event) => event.step === name);
  return { a: last("a"), b: last("b"), processing: events.filter(({ status }) => status === "processing") };
}

test("S16 a step's completed event has the tokens and the money of its calls, and of no others", async () => {
  const { llm } = scriptedModel(priced(100, 10, 0.5));
  const other = llm.generate({ prompt: "beside the run" });
  const { a, b } = await metered(
    async (context) => {
      await Promise.all([context.llm.generate({ prompt: "1" }), context.llm.generate({ prompt: "2" })]);
      await other;
    },
    priced(10, 2, 0.1),
    priced(20, 3, 0.2),
  );
  expect(a?.usage).toMatchObject({ promptTokens: 30, completionTokens: 5, totalTokens: 35 });
  expect(a?.cost).toMatchObject({ usd: 0.3, totalUsd: 0.3, source: "provider" });
  expect(a?.usage).not.toHaveProperty("raw");
  expect([b?.usage, b?.cost]).toEqual([undefined, undefined]);
});

test("streams count once, however they are read", async () => {
  const readers: ((context: StepContext) => Promise<unknown>)[] = [
    async ({ llm }) => {
      for await (const text of llm.stream({ prompt: "x" })) expect(text).not.toBe("");
    },
    async ({ llm }) => {
      for await (const event of llm.stream({ prompt: "x" }).events) expect(event.type).not.toBe("");
    },
    async ({ llm }) => llm.stream({ prompt: "x" }).result,
    async ({ llm }) => {
      const stream = llm.stream({ prompt: "x" });
      for await (const text of stream) expect(text).not.toBe("");
      return (await stream.result).text;
    },
    async ({ llm }) => {
      const branches = llm.stream({ prompt: "x" }).tee(2);
      return Promise.all(branches.map((branch) => branch.result));
    },
    async ({ llm }) => llm.scope({ user: "u" }).stream({ prompt: "x" }).result,
  ];
  for (const read of readers) {
    const { a } = await metered(read, priced(7, 2, 0.01));
    expect(a).toMatchObject({ status: "completed", usage: { totalTokens: 9 }, cost: { usd: 0.01 } });
  }
});

test("a stream through the step's client is the same stream: text, abort and disposal work", async () => {
  const { a } = await metered(
    async ({ llm }) => {
      const texts: string[] = [];
      for await (const text of llm.stream({ prompt: "x" })) texts.push(text);
      const left = llm.stream({ prompt: "x" });
      left.abort();
      const code = await left.result.catch((error: { code: string }) => error.code);
      await using disposed = llm.stream({ prompt: "x" });
      return [texts.join(""), code, typeof disposed.tee];
    },
    priced(7, 2, 0.01),
  );
  expect(a?.data).toEqual(["two words", "aborted", "function"]);
});

test("what a failed call had cost stands on the error event", async () => {
  const { a } = await metered(
    async ({ llm }) => {
      await llm.generate({ prompt: "1" });
      await llm.generate({ prompt: "2", retry: false });
    },
    priced(7, 2, 0.01),
    createError("provider_error", "down", {
      partial: { usage: { promptTokens: 1, completionTokens: 1, totalTokens: 2, raw: {} } },
    }),
  );
  expect(a).toMatchObject({
    status: "error",
    usage: { promptTokens: 8, completionTokens: 3, totalTokens: 11 },
    cost: { usd: 0.01 },
  });
});

test("embeddings count; processing events carry no sums; the rest of the client is the client", async () => {
  const model = scriptedModel("x");
  const pipeline = definePipeline("p", [
    step("a", async ({ llm, progress }) => {
      progress({ data: 1 });
      await llm.embed({ input: "text" });
      return [llm.models === model.llm.models, typeof llm.usage.total.requests, llm.run({}, () => "inside")];
    }),
  ]);
  const events = await collect(runPipeline(pipeline, {}, { llm: model.llm }));
  expect(events.at(-1)).toMatchObject({ data: [true, "number", "inside"], usage: { totalTokens: 1 } });
  expect(events.find(({ status }) => status === "processing")).not.toHaveProperty("usage");
});
