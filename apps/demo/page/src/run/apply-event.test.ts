import type { StepEvent } from "@signalbox/core";
import { describe, expect, test } from "vitest";
import type { SlideDone } from "../../../src/deck/deck-events.js";
import type { Outline } from "../../../src/deck/outline.js";
import { smallDeck } from "../../../test/small-deck.js";
import { applyEvent } from "./apply-event.js";
import { breakOff, type DeckRun, newRun, timeOf, totalOf, withBill } from "./deck-run.js";

const input = smallDeck({ review: true });
const outline: Outline = {
  title: "Tides",
  slides: [
    { title: "Tides", content: "- a\n- b", type: "intro" },
    { title: "Why", content: "- c\n- d", type: "bullets" },
    { title: "Thanks", content: "- e\n- f", type: "thank_you" },
  ],
  total_slides: 3,
  content_type: "enhanced_markdown",
};

/** Events as the server sends them, a second apart. */
function events(...said: Partial<StepEvent>[]): StepEvent[] {
  return said.map((one, index) => ({
    runId: "r1",
    seq: index + 1,
    step: "outline",
    status: "processing",
    data: null,
    message: `event ${index + 1}`,
    progress: index,
    timestamp: new Date(1_000 * (index + 1)).toISOString(),
    ...one,
  }));
}

const after = (...said: Partial<StepEvent>[]): DeckRun => events(...said).reduce(applyEvent, newRun(input));
const bill = (tokens: number, usd: number) =>
  ({ usage: { totalTokens: tokens }, cost: { totalUsd: usd } }) as Pick<StepEvent, "usage" | "cost">;

const outlineStarted = { status: "started" } as const;
const outlineDone = { status: "completed", data: outline, ...bill(500, 0.005) } as const;
const contentStarted = { step: "content", status: "started" } as const;
const growing = (index: number, title: string) => ({
  step: "content",
  data: { kind: "slide-growing", index, total_slides: 3, slide: { type: "bullets", title } },
});
const made = (index: number, more: Partial<SlideDone> = {}) => ({
  step: "content",
  data: {
    kind: "slide",
    index,
    total_slides: 3,
    slide: { type: "bullets", title: "Why", subtitle: "", bullets: ["a", "b", "c"], speakerNotes: "" },
    valid: true,
    kept: false,
    strategy: "tool",
    answers: 1,
    tokens: 100,
    usd: 0.001,
    ...more,
  },
});

describe("a run", () => {
  test("takes its id and its place from each event, and an event once", () => {
    const [first] = events(outlineStarted);
    if (first === undefined) throw new Error("no event");
    const run = applyEvent(newRun(input), first);
    expect(run).toMatchObject({ id: "r1", seq: 1, phase: "running", steps: { outline: { state: "running" } } });
    expect(applyEvent(run, { ...first, message: "again" })).toBe(run);
  });

  test("is not changed in place", () => {
    const before = newRun(input);
    const copy = structuredClone(before);
    events(outlineStarted, outlineDone, contentStarted, made(0)).reduce(applyEvent, before);
    expect(before).toEqual(copy);
  });

  test("lets its outline grow at the slide that is being written", () => {
    const slide = { title: "Wh", content: "", type: "bullets" } as const;
    const run = after(
      outlineStarted,
      { data: { kind: "outline", title: "Ti", index: -1, slide: null, total_slides: 3 } },
      { data: { kind: "outline", title: "Tides", index: 1, slide, total_slides: 3 } },
    );
    expect(run.outline).toEqual({ title: "Tides", slides: [undefined, slide], total: 3 });
    expect(run.growing).toBe(1);
    expect(run.message).toBe("event 3");
  });

  test("waits for its outline, whose time does not count, and goes on with the approved one", () => {
    const review = { data: { kind: "review", outline } };
    const waiting = after(outlineStarted, review);
    expect(waiting).toMatchObject({ phase: "review", review: outline, growing: -1 });
    expect(waiting.steps.outline).toMatchObject({ state: "review", ms: 1_000, since: undefined });
    const shorter = { ...outline, title: "Ebb", total_slides: 2, slides: outline.slides.slice(1) };
    const going = after(outlineStarted, review, { ...outlineDone, data: shorter });
    expect(going).toMatchObject({ phase: "running", review: undefined, outline: { title: "Ebb", total: 2 } });
    expect(going.slides).toHaveLength(2);
    expect(going.steps.outline).toMatchObject({ state: "done", ms: 1_000, tokens: 500, usd: 0.005 });
  });

  test("shows a skipped step as off once the next one speaks", () => {
    expect(after(outlineStarted, outlineDone).steps.search.state).toBe("waiting");
    expect(after(outlineStarted, outlineDone, contentStarted).steps.search.state).toBe("off");
  });

  test("counts slides early, and what the step tells in the end for good", () => {
    const slides = [outlineStarted, outlineDone, contentStarted, growing(0, "W"), made(0), made(1)];
    const early = after(...slides);
    expect(early.steps.content).toMatchObject({ tokens: 200, usd: 0.002 });
    expect(totalOf(early)).toEqual({ tokens: 700, usd: 0.007 });
    const whole = after(...slides, { step: "content", status: "completed", ...bill(210, 0.0021) });
    expect(whole.steps.content).toMatchObject({ state: "done", tokens: 210, usd: 0.0021, ms: 4_000 });
  });

  test("leaves the slides alone that an event does not speak of", () => {
    const one = after(outlineStarted, outlineDone, contentStarted, made(0), growing(1, "W"));
    const two = after(outlineStarted, outlineDone, contentStarted, made(0), growing(1, "W"), growing(1, "Why"));
    expect(two.slides[1]).not.toEqual(one.slides[1]);
    expect(two.slides).toHaveLength(3);
    const [, , , , , last] = events(
      outlineStarted,
      outlineDone,
      contentStarted,
      made(0),
      growing(1, "W"),
      growing(1, "Why"),
    );
    expect(last && applyEvent(one, last).slides[0]).toBe(one.slides[0]);
  });

  test("keeps its finished slides over a failure and pays for none of them twice", () => {
    const failure = {
      step: "content",
      status: "error",
      data: {
        completedSteps: ["outline"],
        nextStep: "content",
        retryable: false,
        code: "insufficient_credits",
        message: "no",
      },
      final: true,
      ...bill(150, 0.0015),
    } as const;
    const broken = [outlineStarted, outlineDone, contentStarted, made(0), growing(1, "W"), failure] as const;
    const failed = after(...broken);
    expect(failed).toMatchObject({ phase: "failed", fault: { step: "content", code: "insufficient_credits" } });
    expect(failed.steps.content).toMatchObject({ state: "failed", tokens: 150 });
    const resumed = after(...broken, contentStarted, made(0, { kept: true }), made(1));
    expect(resumed).toMatchObject({ phase: "running", fault: undefined });
    expect(resumed.steps.content).toMatchObject({ state: "running", tokens: 250, usd: 0.0025 });
    expect(after(...broken, contentStarted).slides[1]).toBeUndefined();
    expect(resumed.slides[0]?.done?.kept).toBe(true);
  });

  test("tells a stop from a failure", () => {
    const data = { completedSteps: [], nextStep: "outline", retryable: true, code: "aborted", message: "stopped" };
    const run = after(outlineStarted, { status: "error", data, final: true });
    expect(run).toMatchObject({ phase: "stopped", fault: undefined, steps: { outline: { state: "stopped" } } });
  });

  test("tells a run whose process is gone from one that failed", () => {
    const data = { completedSteps: [], nextStep: "outline", retryable: true, code: "interrupted", message: "gone" };
    const run = after(outlineStarted, { status: "error", data, final: true });
    expect(run).toMatchObject({ phase: "interrupted", fault: undefined, steps: { outline: { state: "stopped" } } });
  });

  test("passes over an optional step that failed and says why", () => {
    const data = {
      completedSteps: [],
      nextStep: "content",
      retryable: true,
      code: "timeout",
      message: "late",
      optional: true,
    };
    const run = after(
      outlineStarted,
      outlineDone,
      { step: "search", status: "started" },
      { step: "search", status: "error", data },
    );
    expect(run).toMatchObject({ phase: "running", steps: { search: { state: "passed", reason: "timeout: late" } } });
  });

  test("keeps what the client dealt with by itself under the step it happened in", () => {
    const data = {
      kind: "recovery",
      what: "retry",
      code: "rate_limited",
      text: "rate limit exceeded",
      attempt: 1,
      delayMs: 1_000,
    };
    const run = after(outlineStarted, { data });
    expect(run.recoveries).toEqual([{ ...data, step: "outline", seq: 2 }]);
  });

  test("has its preview, its files and its end", () => {
    const run = after(
      { step: "preview", status: "completed", data: { preview_url: "/decks/r1/preview.html" } },
      { step: "export", status: "completed", data: { files: [{ format: "pptx", url: "/x", bytes: 9 }] }, final: true },
    );
    expect(run).toMatchObject({ phase: "done", previewUrl: "/decks/r1/preview.html" });
    expect(run.files).toEqual([{ format: "pptx", url: "/x", bytes: 9 }]);
    expect(run.steps.export).toMatchObject({ state: "done", ms: 1_000 });
  });

  test("that lost its process keeps what it used, also when it goes on", () => {
    const lost = breakOff(after(outlineStarted, outlineDone, contentStarted, made(0)), "interrupted");
    expect(lost).toMatchObject({ phase: "interrupted", steps: { content: { state: "stopped", tokens: 100 } } });
    const [event] = events({ ...contentStarted, seq: 5 });
    expect(event && applyEvent(lost, event).steps.content.settled).toEqual({ tokens: 100, usd: 0.001 });
  });

  test("knows how long a step has worked so far", () => {
    const step = after(outlineStarted).steps.outline;
    expect(timeOf(step, 3_500)).toBe(2_500);
    expect(timeOf(newRun(input).steps.outline, 3_500)).toBeUndefined();
  });
});

test("what the server knows of the bill beside the steps is in the total, and stays there when the run goes on", () => {
  const ended = withBill(newRun(input, "r"), { tokens: 30, usd: 0.0003 });
  expect([ended.late, totalOf(ended)]).toEqual([
    { tokens: 30, usd: 0.0003 },
    { tokens: 30, usd: 0.0003 },
  ]);
  const again = withBill({ ...ended, phase: "running" }, { tokens: 40, usd: 0.0004 });
  expect(totalOf(again)).toEqual({ tokens: 40, usd: 0.0004 });
  expect(withBill(again, { tokens: 0, usd: 0 }).late).toEqual({ tokens: 0, usd: 0 });
});
