import { expect, test } from "vitest";
import { ManualClock } from "../../test/manual-clock.js";
import { brief, collect, scriptedModel as model } from "../../test/step-runs.js";
import { createError } from "../errors/error-classes.js";
import { definePipeline } from "./define-pipeline.js";
import { memoryRunStore } from "./memory-run-store.js";
import { type RunPipelineOptions, runPipeline } from "./run-pipeline.js";
import { step } from "./step.js";
import type { StepEvent } from "./step-types.js";

interface Deck {
  topic: string;
  search: boolean;
}
const deck = definePipeline<Deck>("deck", [
  step("outline", async ({ input, llm }) => ({ title: (await llm.generate({ prompt: input.topic })).text })),
  step("search", () => ({ enhanced: true }), { optional: true, when: ({ input }) => input.search }),
  step("content", ({ progress }) => {
    progress({ data: { index: 0 }, fraction: 0.5, message: "Slide 1" });
    progress({ data: { index: 1 }, fraction: 1 });
    return ["one", "two"];
  }),
  step("html", ({ results }) => `<h1>${(results.outline as { title: string }).title}</h1>`),
  step("preview", () => undefined),
  step("export", () => ({ file_url: "/deck.html" }), { announce: false }),
]);

test("S16 steps run in order, started before processing before completed, progress in equal bands up to 100", async () => {
  const { llm } = model("A deck");
  const events = await collect(runPipeline(deck, { topic: "AI", search: true }, { llm }));

  expect(brief(events)).toEqual([
    "outline started 0",
    "outline completed 16.7",
    "search started 16.7",
    "search completed 33.3",
    "content started 33.3",
    "content processing 41.7",
    "content processing 50",
    "content completed 50",
    "html started 50",
    "html completed 66.7",
    "preview started 66.7",
    "preview completed 83.3",
    "export completed 100",
  ]);
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
  expect(new Set(events.map(({ runId }) => runId)).size).toBe(1);
  expect(events[0]?.runId).toMatch(/^[0-9a-f]{32}$/);
  expect(events.map(({ final }) => final)).toEqual([...Array<undefined>(12), true]);
  expect(events.find((event) => event.step === "html" && event.status === "completed")?.data).toBe("<h1>A deck</h1>");
});

test("S16 event payload keys are the guide's, plus runId and seq, and survive JSON", async () => {
  const clock = new ManualClock(Date.UTC(2026, 0, 1));
  const pipeline = definePipeline("one", [step("outline", () => ({ title: "t" }))]);
  const [started, completed] = await collect(runPipeline(pipeline, {}, { llm: model().llm, clock, runId: "r1" }));
  const common = { runId: "r1", step: "outline", timestamp: "2026-01-01T00:00:00.000Z" };
  expect(started).toEqual({
    ...common,
    seq: 1,
    status: "started",
    data: null,
    message: "Starting outline",
    progress: 0,
  });
  expect(completed).toEqual({
    ...common,
    seq: 2,
    status: "completed",
    data: { title: "t" },
    message: "Finished outline",
    progress: 100,
    final: true,
  });
  expect(JSON.parse(JSON.stringify(completed))).toEqual(completed);
});

test("S16 without search there are no search events, and its band is jumped over", async () => {
  const events = await collect(runPipeline(deck, { topic: "AI", search: false }, { llm: model("A deck").llm }));
  expect(events.filter((event) => event.step === "search")).toEqual([]);
  expect(brief(events).slice(0, 3)).toEqual(["outline started 0", "outline completed 16.7", "content started 33.3"]);
});

test("a run whose last steps are skipped ends at 100 with the last one that ran", async () => {
  const pipeline = definePipeline("p", [step("a", () => 1), step("b", () => 2, { when: () => false })]);
  const events = await collect(runPipeline(pipeline, {}, { llm: model().llm }));
  expect(brief(events)).toEqual(["a started 0", "a completed 100"]);
  expect(events.at(-1)?.final).toBe(true);
});

test("a run with nothing to do still ends with a final event", async () => {
  const pipeline = definePipeline("p", [step("a", () => 1, { when: () => false })]);
  const events = await collect(runPipeline(pipeline, {}, { llm: model().llm }));
  expect(events).toMatchObject([
    { step: "a", status: "completed", progress: 100, final: true, message: "Nothing to do" },
  ]);
});

test("S16 a failing step ends the run with one error event that names it, and iteration does not throw", async () => {
  const { llm } = model(
    "A deck",
    createError("provider_error", "internal host db-7 is down", { generationId: "gen-3" }),
  );
  const pipeline = definePipeline("deck", [
    step("outline", async (context) => (await context.llm.generate({ prompt: "outline" })).text),
    step("content", async (context) => (await context.llm.generate({ prompt: "slide", retry: false })).text),
    step("html", () => "never"),
  ]);
  const events = await collect(runPipeline(pipeline, {}, { llm }));
  const last = events.at(-1);

  expect(brief(events)).toEqual([
    "outline started 0",
    "outline completed 33.3",
    "content started 33.3",
    "content error 33.3",
  ]);
  expect(last).toMatchObject({
    message: "Step content failed: The model service failed.",
    final: true,
    data: {
      completedSteps: ["outline"],
      nextStep: "content",
      retryable: true,
      code: "provider_error",
      message: "The model service failed.",
    },
  });
  expect(last?.cause).toMatchObject({ code: "provider_error", detail: expect.stringContaining("db-7") as string });
  expect(JSON.stringify(last)).not.toContain("db-7");
});

test("what a step throws that is no LLMError is told as internal, and kept as `cause`", async () => {
  const pipeline = definePipeline("p", [
    step("a", () => {
      throw new TypeError("secret detail");
    }),
  ]);
  const last = (await collect(runPipeline(pipeline, {}, { llm: model().llm }))).at(-1);
  expect(last?.data).toEqual({
    completedSteps: [],
    nextStep: "a",
    retryable: false,
    code: "internal",
    message: "Internal server error.",
  });
  expect(last?.cause).toBeInstanceOf(TypeError);
});

test("S16 an optional step that fails is told and passed over", async () => {
  const boom = () => {
    throw createError("timeout", "too slow");
  };
  const pipeline = definePipeline("p", [
    step("outline", () => "o"),
    step("search", boom, { optional: true }),
    step("content", ({ results }) => Object.keys(results)),
    step("extra", boom, { optional: true }),
  ]);
  const events = await collect(runPipeline(pipeline, {}, { llm: model().llm }));
  expect(brief(events)).toEqual([
    "outline started 0",
    "outline completed 25",
    "search started 25",
    "search error 25",
    "content started 50",
    "content completed 75",
    "extra started 75",
    "extra error 100",
  ]);
  expect(events[3]).toMatchObject({ data: { optional: true, nextStep: "content", code: "timeout", retryable: true } });
  expect(events[3]?.final).toBeUndefined();
  expect(events[5]?.data).toEqual(["outline"]);
  expect(events[7]).toMatchObject({ data: { optional: true, nextStep: null }, final: true });
});

test("a `when` or a message that throws is a failure of its step", async () => {
  const boom = () => {
    throw new Error("boom");
  };
  const pipelines = [
    definePipeline("p", [step("a", () => 1, { when: boom })]),
    definePipeline("p", [step("a", () => 1, { messages: { started: boom } })]),
    definePipeline("p", [step("a", () => 1, { messages: { completed: boom } })]),
  ];
  for (const pipeline of pipelines) {
    const events = await collect(runPipeline(pipeline, {}, { llm: model().llm }));
    expect(events.at(-1)).toMatchObject({ step: "a", status: "error", final: true });
  }
});

test("messages come from the step's options", async () => {
  const pipeline = definePipeline<{ topic: string }>("p", [
    step("outline", () => ({ slides: 3 }), {
      messages: { started: ({ input }) => `开始 ${input.topic}`, completed: (result) => `${result.slides} 张幻灯片` },
    }),
    step("html", () => 1, { messages: { started: "开始", completed: "完成" } }),
  ]);
  const events = await collect(runPipeline(pipeline, { topic: "AI" }, { llm: model().llm }));
  expect(events.map(({ message }) => message)).toEqual(["开始 AI", "3 张幻灯片", "开始", "完成"]);
});

test("weights share the progress, and it never falls", async () => {
  const pipeline = definePipeline("p", [
    step(
      "a",
      ({ progress }) => {
        for (const fraction of [0.9, 0.2, 7, -1, Number.NaN]) progress({ fraction });
        progress({ data: "no fraction" });
      },
      { weight: 3 },
    ),
    step("b", () => 1),
  ]);
  const events = await collect(runPipeline(pipeline, {}, { llm: model().llm }));
  expect(events.map(({ progress }) => progress)).toEqual([0, 67.5, 67.5, 75, 75, 75, 75, 75, 75, 100]);
});

test("what is reported after a step's end is dropped", async () => {
  let late = () => {};
  const pipeline = definePipeline("p", [
    step("a", ({ progress }) => {
      late = () => progress({ message: "late" });
    }),
    step("b", () => late()),
  ]);
  const events = await collect(runPipeline(pipeline, {}, { llm: model().llm }));
  expect(events.map(({ message }) => message)).not.toContain("late");
});

test("a step begins when its reader asks for more", async () => {
  const begun: string[] = [];
  const pipeline = definePipeline(
    "p",
    ["a", "b"].map((name) => step(name, () => begun.push(name))),
  );
  const iterator = runPipeline(pipeline, {}, { llm: model().llm })[Symbol.asyncIterator]();
  await iterator.next();
  await iterator.next();
  await new Promise((resolve) => setImmediate(resolve));
  expect(begun).toEqual(["a"]);
  await iterator.next();
  expect(begun).toEqual(["a", "b"]);
  await iterator.return?.();
});

test("nothing happens before iteration, and a run is iterated once", async () => {
  const { llm, provider } = model("x");
  const run = runPipeline(deck, { topic: "t", search: false }, { llm, runId: "given" });
  expect(run.runId).toBe("given");
  expect(provider.requests).toEqual([]);
  await collect(run);
  expect(() => run[Symbol.asyncIterator]()).toThrow("a run can be iterated once");
});

test("overlapping calls of next() each get their event", async () => {
  const iterator = runPipeline(deck, { topic: "t", search: false }, { llm: model("x").llm })[Symbol.asyncIterator]();
  const turns = await Promise.all(Array.from({ length: 14 }, () => iterator.next()));
  expect(turns.filter(({ done }) => !done).map(({ value }) => (value as StepEvent).seq)).toEqual([
    1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11,
  ]);
});

test("mistakes come out of the iterator: an unknown step, an existing run, an unknown run, another pipeline", async () => {
  const store = memoryRunStore();
  const { llm } = model("x");
  await collect(runPipeline(deck, { topic: "t", search: false }, { llm, store, runId: "r" }));
  const other = definePipeline("other", [step("a", () => 1)]);
  const failure = async (options: Partial<RunPipelineOptions>, pipeline = deck as typeof other) => {
    const error = await collect(runPipeline(pipeline, {}, { llm, store, ...options })).catch(
      (thrown: unknown) => thrown,
    );
    return [(error as { code: string }).code, (error as { status: number }).status];
  };
  expect(await failure({ only: "slides" })).toEqual(["invalid_request", 400]);
  expect(await failure({ runId: "r" })).toEqual(["invalid_request", 409]);
  expect(await failure({ resumeFrom: "nobody" })).toEqual(["not_found", 404]);
  expect(await failure({ resumeFrom: "r" }, other)).toEqual(["invalid_request", 400]);
});

test("an unknown option is refused with the right one named, instead of a run that begins anew", async () => {
  const { llm, provider } = model("x");
  const run = runPipeline(deck, { topic: "t", search: false }, { llm, resume_from: "r" } as never);
  await expect(collect(run)).rejects.toMatchObject({
    code: "invalid_request",
    detail: 'unknown key "resume_from" in the options of runPipeline; did you mean "resumeFrom"?',
  });
  expect(provider.requests).toEqual([]);
});

test("definePipeline and step refuse what cannot work", () => {
  const wrong = [
    () => definePipeline("p", []),
    () => definePipeline("p", [step("a", () => 1), step("a", () => 1)]),
    () => step("", () => 1),
    () => step("a", () => 1, { weight: 0 }),
  ];
  for (const make of wrong) expect(make).toThrow(expect.objectContaining({ code: "invalid_request" }));
});
