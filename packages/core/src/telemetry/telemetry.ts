import type * as Api from "@opentelemetry/api";
import type { Clock } from "../http/clock.js";
import type { CallSpans } from "./call-spans.js";
import type { Instruments } from "./instruments.js";

/** Begins a span. Never throws: what the user's tracer fails with leaves a span that records nothing. */
export type StartSpan = (
  name: string,
  kind: keyof typeof Api.SpanKind,
  attributes: Api.Attributes,
  parent: Api.Context,
) => Api.Span;

/** What `work` gives; undefined where it fails. */
export type Safely = <T>(work: () => T) => T | undefined;

/** What every span and every measurement is made with. */
export interface Telemetry {
  readonly api: typeof Api;
  readonly startSpan: StartSpan;
  readonly instruments: Instruments;
  readonly clock: Clock;
  readonly recordContent: boolean;
  readonly calls: CallSpans;
  /** Nothing that is told to the user's OpenTelemetry may harm the call; its own diagnostics hear of a failure. */
  readonly safely: Safely;
  /** Runs `work` in the context, or without it where that cannot be had; once, and settles as `work` does. */
  within<T>(context: Api.Context, work: () => T): T;
}
