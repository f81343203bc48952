import type { StepEvent, StepFailure } from "@signalbox/core";
import type { DeckProgress } from "../../../src/deck/deck-events.js";
import type { Outline } from "../../../src/deck/outline.js";
import type { SearchFindings } from "../../../src/deck/search.js";
import { type DeckRun, isStepName, type RunFile, type RunStep, STEP_NAMES, type StepName } from "./deck-run.js";

/** The run after an event. Events that it knows already, and those of unknown steps, change nothing but the position. */
export function applyEvent(run: DeckRun, event: StepEvent): DeckRun {
  if (event.seq <= run.seq) return run;
  const at = Date.parse(event.timestamp);
  const { runId: id, seq, progress, message } = event;
  const next: DeckRun = { ...run, id, seq, progress, message, at };
  if (!isStepName(event.step)) return next;
  const name = event.step;
  next.steps = passBefore(next.steps, name);
  if (event.status === "started") return started(next, name, at);
  if (event.status === "processing") return processing(next, name, event.data as DeckProgress | null, at);
  return settled(next, name, event, run.at ?? at);
}

function started(run: DeckRun, name: StepName, at: number): DeckRun {
  const step = run.steps[name];
  // What an execution that broke off had used is billed all the same.
  const begun = withStep(run, name, {
    state: "running",
    since: at,
    settled: { tokens: step.tokens, usd: step.usd },
    reason: undefined,
  });
  const going: DeckRun = { ...begun, phase: "running", fault: undefined, review: undefined };
  if (name === "outline") return { ...going, outline: { ...run.outline, title: "", slides: [] }, growing: -1 };
  if (name === "content") return { ...going, slides: run.slides.map((one) => (one?.done ? one : undefined)) };
  return going;
}

function processing(run: DeckRun, name: StepName, data: DeckProgress | null, at: number): DeckRun {
  const told = withStep(run, name, { message: run.message });
  switch (data?.kind) {
    case "outline": {
      const slides = [...run.outline.slides];
      if (data.slide !== null) slides[data.index] = data.slide;
      return { ...told, outline: { title: data.title, slides, total: data.total_slides }, growing: data.index };
    }
    case "review": {
      const { tokens, usd, ...step } = told.steps[name];
      const waits = withStep(told, name, {
        state: "review",
        since: undefined,
        ms: workedUntil(step, at),
        ...(data.kept ? {} : { tokens: tokens + data.tokens, usd: usd + data.usd }),
      });
      return { ...waits, phase: "review", review: data.outline, outline: wholeOutline(data.outline), growing: -1 };
    }
    case "slide-growing":
      return withSlide(told, data.index, data.total_slides, { slide: data.slide, done: undefined });
    case "slide": {
      const made = withSlide(told, data.index, data.total_slides, { slide: data.slide, done: data });
      if (data.kept) return made;
      const { tokens, usd } = told.steps[name];
      return withStep(made, name, { tokens: tokens + data.tokens, usd: usd + data.usd });
    }
    case "recovery":
      return { ...told, recoveries: [...run.recoveries, { ...data, step: name, seq: run.seq }] };
    default:
      return told;
  }
}

function settled(run: DeckRun, name: StepName, event: StepEvent, before: number): DeckRun {
  const step = run.steps[name];
  const tokens = step.settled.tokens + (event.usage?.totalTokens ?? 0);
  const usd = step.settled.usd + (event.cost?.totalUsd ?? 0);
  // A step that is not announced has begun with the event before.
  const since = step.since ?? (step.ms === undefined ? before : undefined);
  const over: Partial<RunStep> = {
    tokens,
    usd,
    settled: { tokens, usd },
    since: undefined,
    ms: workedUntil({ ...step, since }, run.at ?? before),
    message: event.message,
  };
  if (event.status === "completed") {
    const done = complete(withStep(run, name, { ...over, state: "done" }), name, event.data);
    return event.final ? { ...done, phase: "done", message: event.message } : done;
  }
  return failed(run, name, event, over);
}

/** Ends that are nobody's fault. */
const PHASE_OF: Record<string, "stopped" | "interrupted"> = { aborted: "stopped", interrupted: "interrupted" };

function failed(run: DeckRun, name: StepName, event: StepEvent, over: Partial<RunStep>): DeckRun {
  const { code, message, hint, retryable, optional } = event.data as StepFailure;
  if (optional) {
    const passed = withStep(run, name, { ...over, state: "passed", reason: `${code}: ${message}` });
    return event.final ? { ...passed, phase: "done" } : passed;
  }
  const phase = PHASE_OF[code] ?? "failed";
  const ended = withStep(run, name, { ...over, state: phase === "failed" ? "failed" : "stopped" });
  const fault = phase === "failed" ? { step: name, code, message, hint, retryable } : undefined;
  return { ...ended, phase, fault, review: undefined, growing: -1 };
}

function complete(run: DeckRun, name: StepName, data: unknown): DeckRun {
  switch (name) {
    case "outline": {
      const outline = wholeOutline(data as Outline);
      const slides = Array.from({ length: outline.total }, (_, index) => run.slides[index]);
      return { ...run, outline, slides, growing: -1, review: undefined, phase: "running" };
    }
    case "search":
      return { ...run, sources: (data as SearchFindings).web_content };
    case "preview":
      return { ...run, previewUrl: (data as { preview_url: string }).preview_url };
    case "export":
      return { ...run, files: (data as { files: RunFile[] }).files };
    default:
      return run;
  }
}

function wholeOutline({ title, slides, total_slides: total }: Outline): DeckRun["outline"] {
  return { title, slides, total };
}

function withStep(run: DeckRun, name: StepName, change: Partial<RunStep>): DeckRun {
  return { ...run, steps: { ...run.steps, [name]: { ...run.steps[name], ...change } } };
}

function withSlide(run: DeckRun, index: number, total: number, slide: NonNullable<DeckRun["slides"][number]>): DeckRun {
  return { ...run, slides: Array.from({ length: total }, (_, place) => (place === index ? slide : run.slides[place])) };
}

/** A step that is skipped has no event of its own; the next one tells. */
function passBefore(steps: DeckRun["steps"], name: StepName): DeckRun["steps"] {
  const skipped = STEP_NAMES.slice(0, STEP_NAMES.indexOf(name)).filter((before) => steps[before].state === "waiting");
  if (skipped.length === 0) return steps;
  return { ...steps, ...Object.fromEntries(skipped.map((before) => [before, { ...steps[before], state: "off" }])) };
}

function workedUntil({ ms, since }: Pick<RunStep, "ms" | "since">, at: number): number | undefined {
  return since === undefined ? ms : (ms ?? 0) + Math.max(0, at - since);
}
