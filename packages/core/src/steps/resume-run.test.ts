import { expect, test } from "vitest";
import { turnUntil } from "../../test/answer-server.js";
import { ManualClock } from "../../test/manual-clock.js";
import { brief, collect, scriptedModel } from "../../test/step-runs.js";
import { createError } from "../errors/error-classes.js";
import type { ChatBody } from "../messages/chat-body.js";
import { definePipeline } from "./define-pipeline.js";
import { memoryRunStore } from "./memory-run-store.js";
import { runPipeline } from "./run-pipeline.js";
import { step } from "./step.js";
import type { RunStore } from "./step-types.js";

const asked = (body: ChatBody) => String(body.messages.at(-1)?.content);

/** An outline, then four slides, two at a time. */
const deck = definePipeline<string>("deck", [
  step("outline", async ({ input, llm }) => (await llm.generate({ prompt: `outline ${input}` })).text),
  step("content", async ({ input, llm, item, progress, results }) => {
    const slides: string[] = [];
    for (const pair of [
      ["1", "2"],
      ["3", "4"],
    ]) {
      const made = pair.map((number) =>
        item(
          number,
          async () =>
            (await llm.generate({ prompt: `slide ${number} of ${input}: ${results.outline}`, retry: false })).text,
        ),
      );
      slides.push(...(await Promise.all(made)));
      progress({ data: { slides: slides.length }, fraction: slides.length / 4 });
    }
    return slides;
  }),
  step("export", ({ results }) => (results.content as string[]).join("|")),
]);

const failing = (part: string) => (body: ChatBody) =>
  asked(body).includes(part) ? createError("provider_overloaded", "overloaded") : `<${asked(body)}>`;
const answering = (body: ChatBody) => `<${asked(body)}>`;

test("S16 resuming asks neither for a finished step nor for a finished item again, and seq goes on", async () => {
  const store = memoryRunStore();
  const first = scriptedModel(failing("slide 3"));
  const before = await collect(runPipeline(deck, "AI", { llm: first.llm, store, runId: "r" }));
  expect(before.at(-1)).toMatchObject({
    step: "content",
    status: "error",
    data: { completedSteps: ["outline"], nextStep: "content" },
  });
  expect(first.provider.requests.map(asked).sort()).toHaveLength(5);

  const second = scriptedModel(answering);
  const after = await collect(runPipeline(deck, "AI", { llm: second.llm, store, resumeFrom: "r" }));

  // Slide 4 was made beside the one that failed: only slide 3 is left.
  expect(second.provider.requests.map(asked)).toEqual(["slide 3 of AI: <outline AI>"]);
  expect(brief(after)).toEqual([
    "content started 50",
    "content processing 50",
    "content processing 66.7",
    "content completed 66.7",
    "export started 66.7",
    "export completed 100",
  ]);
  expect(after.map(({ seq }) => seq)).toEqual(after.map((_, index) => (before.at(-1)?.seq ?? 0) + 1 + index));
  expect(after.at(-1)?.data).toBe([1, 2, 3, 4].map((n) => `<slide ${n} of AI: <outline AI>>`).join("|"));
  expect(await store.read("r", 0)).toEqual(JSON.parse(JSON.stringify([...before, ...after])));
});

test("resuming without input uses the kept one, with input the given one", async () => {
  const store = memoryRunStore();
  await collect(runPipeline(deck, "AI", { llm: scriptedModel(failing("slide")).llm, store, runId: "r" }));
  const kept = scriptedModel(failing("slide 2"));
  await collect(runPipeline(deck, undefined, { llm: kept.llm, store, resumeFrom: "r" }));
  expect(kept.provider.requests.map(asked)[0]).toBe("slide 1 of AI: <outline AI>");
  const given = scriptedModel(answering);
  await collect(runPipeline(deck, "ML", { llm: given.llm, store, resumeFrom: "r" }));
  expect(given.provider.requests.map(asked)[0]).toBe("slide 2 of ML: <outline AI>");
});

test("resuming a finished run does nothing", async () => {
  const store = memoryRunStore();
  await collect(runPipeline(deck, "AI", { llm: scriptedModel(answering).llm, store, runId: "r" }));
  const { llm, provider } = scriptedModel(answering);
  expect(await collect(runPipeline(deck, "AI", { llm, store, resumeFrom: "r" }))).toEqual([]);
  expect(provider.requests).toEqual([]);
});

test("a step that was passed over is not tried again by resuming", async () => {
  const store = memoryRunStore();
  let searches = 0;
  let broken = true;
  const pipeline = definePipeline("p", [
    step(
      "search",
      () => {
        searches++;
        throw new Error("offline");
      },
      { optional: true },
    ),
    step("content", () => {
      if (broken) throw new Error("broken");
      return 1;
    }),
  ]);
  const { llm } = scriptedModel("x");
  await collect(runPipeline(pipeline, {}, { llm, store, runId: "r" }));
  broken = false;
  const events = await collect(runPipeline(pipeline, {}, { llm, store, resumeFrom: "r" }));
  expect([searches, brief(events)]).toEqual([1, ["content started 50", "content completed 100"]]);
});

test("a result that was kept but never told is told by the run that resumes", async () => {
  const clock = new ManualClock();
  const kept = memoryRunStore({ clock });
  const dying: RunStore = {
    ...kept,
    append: (runId, event) => (event.status === "completed" ? new Promise(() => {}) : kept.append(runId, event)),
  };
  const pipeline = definePipeline("p", [step("a", () => "made"), step("b", () => "b")]);
  const { llm } = scriptedModel("x");
  // Its own clock stands still: it gives no sign of life any more.
  const dead = runPipeline(pipeline, {}, { llm, store: dying, runId: "r", clock: new ManualClock() })[
    Symbol.asyncIterator
  ]();
  await dead.next();
  void dead.next();
  while ((await kept.load("r"))?.["step:a"] === undefined) await new Promise((resolve) => setImmediate(resolve));
  clock.advance(30_000);

  const events = await collect(runPipeline(pipeline, {}, { llm, store: kept, resumeFrom: "r", clock }));
  expect(brief(events)).toEqual(["a completed 50", "b started 50", "b completed 100"]);
  expect(events[0]?.data).toBe("made");
});

test("an optional step whose failure was kept but never told is told by the run that resumes, which so ends", async () => {
  const kept = memoryRunStore();
  const failing: RunStore = {
    ...kept,
    append: (runId, event) =>
      event.status === "error" ? Promise.reject(new Error("store away")) : kept.append(runId, event),
  };
  const pipeline = definePipeline("p", [
    step("a", () => 1),
    step("b", () => Promise.reject(new Error("x")), { optional: true }),
  ]);
  const { llm } = scriptedModel("x");
  await expect(collect(runPipeline(pipeline, {}, { llm, store: failing, runId: "r" }))).rejects.toThrow("store away");

  const events = await collect(runPipeline(pipeline, {}, { llm, store: kept, resumeFrom: "r" }));
  expect(brief(events)).toEqual(["b error 100"]);
  expect(events[0]).toMatchObject({ final: true, data: { optional: true, completedSteps: ["a"], nextStep: null } });
  expect(await collect(runPipeline(pipeline, {}, { llm, store: kept, resumeFrom: "r" }))).toEqual([]);
});

test("a resumed run that finds nothing left to do ends its log", async () => {
  const kept = memoryRunStore();
  const failing: RunStore = {
    ...kept,
    append: (runId, event) =>
      event.step === "b" ? Promise.reject(new Error("store away")) : kept.append(runId, event),
  };
  const pipeline = definePipeline<{ more: boolean }>("p", [
    step("a", () => 1),
    step("b", () => Promise.reject(new Error("x")), { when: ({ input }) => input.more }),
  ]);
  const { llm } = scriptedModel("x");
  const first = runPipeline(pipeline, { more: true }, { llm, store: failing, runId: "r" });
  await expect(collect(first)).rejects.toThrow("store away");
  const events = await collect(runPipeline(pipeline, { more: false }, { llm, store: kept, resumeFrom: "r" }));
  expect(events).toMatchObject([{ step: "b", status: "completed", message: "Nothing to do", final: true }]);
});

test("S16 items beside one that fails come to their end before the run does, and are not made again", async () => {
  const store = memoryRunStore();
  const gate = Promise.withResolvers<void>();
  const made: string[] = [];
  let broken = true;
  const pipeline = definePipeline("p", [
    step("slides", async ({ item }) => {
      const failed = item("1", async () => {
        made.push("1");
        if (broken) throw new Error("down");
      });
      const slow = item("2", async () => {
        made.push("2");
        await gate.promise;
      });
      // Waits its turn in a queue that nobody stops.
      const queued = slow.then(() => item("3", async () => made.push("3")));
      await Promise.all([failed, slow, queued]);
    }),
  ]);
  const { llm } = scriptedModel("x");
  const first = collect(runPipeline(pipeline, {}, { llm, store, runId: "r" }));
  await turnUntil(() => made.length === 2);
  expect((await store.read("r", 0)).map(({ status }) => status)).toEqual(["started"]);
  gate.resolve();
  expect((await first).at(-1)).toMatchObject({ status: "error", final: true });
  expect(made).toEqual(["1", "2"]);

  broken = false;
  await collect(runPipeline(pipeline, {}, { llm, store, resumeFrom: "r" }));
  expect(made).toEqual(["1", "2", "1", "3"]);
});

test("what a failed step has left running beside its items is aborted", async () => {
  const signals: AbortSignal[] = [];
  const pipeline = definePipeline("p", [
    step("a", ({ signal }) => {
      signals.push(signal);
      throw new Error("down");
    }),
  ]);
  await collect(runPipeline(pipeline, {}, { llm: scriptedModel("x").llm }));
  expect(signals.map(({ aborted, reason }) => [aborted, (reason as Error).message])).toEqual([[true, "down"]]);
});

test("a run is stopped at once while a failed step waits for its items", async () => {
  const started = Promise.withResolvers<void>();
  const pipeline = definePipeline("p", [
    step("a", ({ item }) => {
      void item("endless", () => new Promise(() => started.resolve()));
      throw new Error("down");
    }),
  ]);
  const run = runPipeline(pipeline, {}, { llm: scriptedModel("x").llm });
  const ended = collect(run);
  await started.promise;
  run.abort();
  await expect(ended).rejects.toMatchObject({ code: "aborted" });
});

test("S16 `only` makes one step anew from the kept results, its items too", async () => {
  const store = memoryRunStore();
  await collect(runPipeline(deck, "AI", { llm: scriptedModel(answering).llm, store, runId: "r" }));
  const { llm, provider } = scriptedModel((body: ChatBody) => `new ${asked(body).slice(0, 7)}`);
  const events = await collect(runPipeline(deck, "AI", { llm, store, resumeFrom: "r", only: "content" }));

  expect(provider.requests).toHaveLength(4);
  expect(events.at(-1)).toMatchObject({ step: "content", status: "completed", final: true, progress: 100 });
  expect(events.at(-1)?.data).toEqual(["new slide 1", "new slide 2", "new slide 3", "new slide 4"]);
  const exported = await collect(runPipeline(deck, "AI", { llm, store, resumeFrom: "r", only: "export" }));
  expect(exported.at(-1)?.data).toBe("new slide 1|new slide 2|new slide 3|new slide 4");
});

test("`only` of a step that failed keeps the items it had made, and a later resume goes on behind it", async () => {
  const store = memoryRunStore();
  await collect(runPipeline(deck, "AI", { llm: scriptedModel(failing("slide 4")).llm, store, runId: "r" }));
  const { llm, provider } = scriptedModel(answering);
  const alone = await collect(runPipeline(deck, "AI", { llm, store, resumeFrom: "r", only: "content" }));
  expect(provider.requests.map(asked)).toEqual(["slide 4 of AI: <outline AI>"]);
  expect(alone.at(-1)).toMatchObject({ status: "completed", final: true, progress: 66.7 });
  const rest = await collect(runPipeline(deck, "AI", { llm, store, resumeFrom: "r" }));
  expect(brief(rest)).toEqual(["export started 66.7", "export completed 100"]);
});

test("`only` begins a run with one step, which `resumeFrom` completes", async () => {
  const store = memoryRunStore();
  const { llm, provider } = scriptedModel(answering);
  const outline = await collect(runPipeline(deck, "AI", { llm, store, runId: "r", only: "outline" }));
  expect(brief(outline)).toEqual(["outline started 0", "outline completed 33.3"]);
  await collect(runPipeline(deck, undefined, { llm, store, resumeFrom: "r" }));
  expect(provider.requests).toHaveLength(5);
});

test("items: the same key is made once at a time, a failed one may be made again, undefined and null are values", async () => {
  let made = 0;
  const pipeline = definePipeline("p", [
    step("a", async ({ item }) => {
      const twice = await Promise.all([item("same", async () => ++made), item("same", async () => ++made)]);
      const failed = await item("fragile", () => Promise.reject(new Error("once"))).catch(
        (error: Error) => error.message,
      );
      const again = await item("fragile", async () => "second try");
      return [twice, failed, again, await item("null", async () => null)];
    }),
  ]);
  const events = await collect(runPipeline(pipeline, {}, { llm: scriptedModel("x").llm }));
  expect(events.at(-1)?.data).toEqual([[1, 1], "once", "second try", null]);
});
