import type { Peer } from "../peers/peer.ts";
import type { Expectation } from "../upstream/body.ts";

/** Figures of one process by metric. */
export type Figures = Record<string, number>;

/** What a scenario has while it runs inside the measured process. */
export interface Run {
  /** What a right reader gets from the body of that name. */
  expect(body: string): Expectation;
  /**
   * Runs once to warm up and then `times` times; the median of each figure. Only the latter are profiled.
   * Where the warm-up took longer than `patienceMs`, its figures are the answer.
   */
  repeat(times: number, once: () => Promise<Figures>, patienceMs?: number): Promise<Figures>;
  /** Lets the held streams go. */
  release(): void;
}

export interface Metric {
  readonly key: string;
  readonly title: string;
  /** Also shown as a ratio to this peer's figure in the same run. */
  readonly against?: string;
}

export interface Described {
  readonly title: string;
  readonly metrics: readonly Metric[];
}

/** Measured in a fresh process for each peer and run. Each file in this folder exports one of the two as `scenario`. */
export interface ProcessScenario extends Described {
  readonly kind: "process";
  readonly nodeFlags?: readonly string[];
  /** A body without which it cannot run. */
  readonly needs?: string;
  /** Who runs it, whichever peers are asked for. @default those that are asked for */
  readonly peers?: readonly string[];
  /** What a peer must have. @default everyone takes part */
  takesPart?(peer: Peer): boolean;
  measure(peer: Peer, run: Run): Promise<Figures>;
}

/** Looked at from outside, once for each peer or as often as it wants: one figure per sample. */
export interface SurveyScenario extends Described {
  readonly kind: "survey";
  /** Why it cannot run on this machine; undefined where it can. */
  unmet?(): string | undefined;
  survey(survey: Survey): Promise<Record<string, Record<string, number[]>>>;
}

export interface Survey {
  readonly peers: readonly string[];
  /** Folder of the unpacked package that is measured. */
  readonly corePackage: string;
  /** Of the upstream that has the bodies. */
  readonly baseURL: string;
}

export type Scenario = ProcessScenario | SurveyScenario;
