import type { StepEvent, StepFailure } from "@signalbox/core";

/** How a run has ended. */
export type RunEnding = "done" | "failed" | "stopped";

/** What is known of a run without reading its events. */
export interface RunSummary {
  title: string;
  /** As the outline has it; null before there is one. */
  slides: number | null;
  /** Null while events are to come. */
  ending: RunEnding | null;
  /** Its outline waits for approval. */
  reviewing: boolean;
  progress: number;
}

export const NEW_RUN: RunSummary = {
  title: "",
  slides: null,
  ending: null,
  reviewing: false,
  progress: 0,
};

/** The summary once the event has happened as well. */
export function summaryAfter(before: RunSummary, event: StepEvent): RunSummary {
  const { step, status, progress, final } = event;
  const outline = outlineOf(event);
  return {
    title: outline?.title ?? before.title,
    slides: outline?.total ?? before.slides,
    ending: final ? endingOf(event) : null,
    reviewing: step === "outline" && status === "processing" && kindOf(event) === "review",
    progress,
  };
}

/** A run that was interrupted has not ended by itself: it is one like those that nobody has followed since. */
function endingOf({ status, data }: StepEvent): RunEnding | null {
  if (status !== "error") return "done";
  const { code, optional } = data as StepFailure;
  if (optional) return "done";
  if (code === "interrupted") return null;
  return code === "aborted" ? "stopped" : "failed";
}

interface OutlineFacts {
  title?: string | undefined;
  total_slides?: number | undefined;
  outline?: OutlineFacts | undefined;
}

/** What an event of the outline's step says of the deck, growing, to be approved or done. */
function outlineOf({
  step,
  status,
  data,
}: StepEvent): { title: string | undefined; total: number | undefined } | undefined {
  const told = step === "outline" && (status === "processing" || status === "completed");
  if (!told || typeof data !== "object" || data === null) return undefined;
  const facts = data as OutlineFacts;
  const { title, total_slides } = facts.outline ?? facts;
  return { title, total: total_slides };
}

function kindOf({ data }: StepEvent): unknown {
  return typeof data === "object" && data !== null ? (data as { kind?: unknown }).kind : undefined;
}
