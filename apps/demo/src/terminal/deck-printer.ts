import { performance } from "node:perf_hooks";
import type { StepEvent, StepFailure } from "@signalbox/core";
import type { OutlineProgress } from "../deck/outline-growth.js";
import type { Slide } from "../deck/slide.js";
import type { SlideProgress } from "../deck/write-slides.js";
import { seconds, usd } from "./numbers.js";
import { table } from "./table.js";

/** Prints a run while it happens: the outline as it is written, each slide as it is finished, the bill at the end. */
export class DeckPrinter {
  readonly #write: (text: string) => void;
  readonly #bill: string[][] = [];
  #tokens = 0;
  #usd = 0;
  #began = performance.now();
  #index = -2;
  #printed = "";

  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  take(event: StepEvent): void {
    const { step, status, message, progress } = event;
    if (status === "started") {
      this.#began = performance.now();
      this.#write(`\n▸ ${step}  ${message}\n`);
    }
    if (status === "processing" && step === "outline") this.#outline(event.data as OutlineProgress);
    if (status === "processing" && step === "content") this.#slide(event.data as SlideProgress);
    if (status === "error") this.#failure(event);
    if (status === "completed") {
      this.#write(`${step === "outline" ? "\n" : ""}✓ ${step}  ${message}  ${Math.round(progress)} %\n`);
    }
    if (status === "completed" || status === "error") this.#addToBill(event);
  }

  /** What each step took and cost. */
  end(): void {
    const rows = [...this.#bill, ["total", String(this.#tokens), usd(this.#usd), ""]];
    this.#write(`\n${table(["step", "tokens", "cost", "time"], rows)}\n`);
  }

  #outline({ title, index, slide }: OutlineProgress): void {
    const content = (slide?.content ?? "").replaceAll(/^- /gm, "     · ");
    const text = slide === null ? title : `${slide.title}${content === "" ? "" : `\n${content}`}`;
    if (index !== this.#index) {
      this.#write(index < 0 ? "  " : `\n  ${index + 1}. `);
      this.#index = index;
      this.#printed = "";
    }
    this.#write(text.slice(this.#printed.length));
    this.#printed = text;
  }

  #slide({ index, slide, valid, strategy, answers, tokens, usd: cost, kept }: SlideProgress): void {
    const mark = valid ? "✓ valid" : "✗ not valid";
    const how = kept
      ? "kept"
      : `${strategy}, ${answers} ${answers === 1 ? "answer" : "answers"}, ${tokens} tokens, ${usd(cost)}`;
    const lines = linesOf(slide).map((line) => `     ${line}\n`);
    this.#write(`\n  ${index + 1}. ${slide.title}  [${slide.type}]  ${mark} (${how})\n${lines.join("")}`);
  }

  #failure({ step, message, data }: StepEvent): void {
    const { hint, nextStep, optional } = data as StepFailure;
    const next = optional ? "going on without it" : `it can be resumed at ${nextStep ?? step}`;
    this.#write(`\n✗ ${step}  ${message}\n  ${[hint, next].filter(Boolean).join("; ")}\n`);
  }

  #addToBill({ step, usage, cost }: StepEvent): void {
    const tokens = usage?.totalTokens ?? 0;
    this.#tokens += tokens;
    this.#usd += cost?.totalUsd ?? 0;
    this.#bill.push([step, String(tokens), usd(cost?.totalUsd ?? 0), seconds(performance.now() - this.#began)]);
    this.#began = performance.now();
  }
}

function linesOf(slide: Slide): string[] {
  const bullets = "bullets" in slide ? slide.bullets.map((text) => `· ${text}`) : [];
  switch (slide.type) {
    case "chart": {
      const { kind, unit, points } = slide.chart;
      return [`${kind}, ${unit}: ${points.map(({ label, value }) => `${label} ${value}`).join(", ")}`, ...bullets];
    }
    case "comparison":
      return slide.columns.flatMap(({ heading, bullets: texts }) => [heading, ...texts.map((text) => `· ${text}`)]);
    case "quote":
      return [`“${slide.quote.text}” — ${slide.quote.voice}`];
    default:
      return [slide.subtitle, ...bullets];
  }
}
