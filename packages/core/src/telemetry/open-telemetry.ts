import type * as Api from "@opentelemetry/api";
import type { MeterProvider, TracerProvider } from "@opentelemetry/api";
import { createError } from "../errors/error-classes.js";
import type { Watcher } from "../generate/request-watch.js";
import type { Clock } from "../http/clock.js";
import { CallSpans } from "./call-spans.js";
import { createInstruments } from "./instruments.js";
import { type ClientFacts, operationName, requestAttributes, serverAttributes } from "./request-attributes.js";
import { RequestSpan } from "./request-span.js";
import type { Safely, StartSpan, Telemetry } from "./telemetry.js";
import type { TelemetryOptions } from "./telemetry-options.js";
import { runTool } from "./tool-span.js";

const SCOPE = "@signalbox/core";
const INSTALL = "npm install @opentelemetry/api";

/**
 * Tells the user's OpenTelemetry of requests, tools and circuits, under the conventions for generative AI.
 *
 * Throws: `invalid_config` where `@opentelemetry/api` is not installed.
 */
export async function openTelemetry(
  options: TelemetryOptions,
  facts: ClientFacts & { clock: Clock },
  load: () => Promise<typeof Api> = () => import("@opentelemetry/api"),
): Promise<Watcher> {
  let api: typeof Api;
  try {
    api = await load();
  } catch (cause) {
    throw createError("invalid_config", "`telemetry` needs the package @opentelemetry/api, which could not be loaded", {
      cause,
      hint: INSTALL,
    });
  }
  const whom = { "gen_ai.provider.name": facts.provider, ...serverAttributes(facts) };
  const lost = (error: unknown) =>
    api.diag.error("signalbox: a span or a measurement was lost", error instanceof Error ? error.name : typeof error);
  const safely: Safely = (work) => {
    try {
      return work();
    } catch (error) {
      lost(error);
      return undefined;
    }
  };
  const { trace, metrics } = api;
  const tracer = safely(() => ((options.tracerProvider as TracerProvider | undefined) ?? trace).getTracer(SCOPE));
  const instruments = safely(() => {
    const meters = (options.meterProvider as MeterProvider | undefined) ?? metrics;
    return createInstruments(meters.getMeter(SCOPE));
  });
  const startSpan: StartSpan = (name, kind, attributes, parent) =>
    safely(() => tracer?.startSpan(name, { kind: api.SpanKind[kind], attributes }, parent)) ??
    trace.wrapSpanContext(api.INVALID_SPAN_CONTEXT);
  const telemetry: Telemetry = {
    api,
    startSpan,
    instruments: instruments ?? createInstruments(api.createNoopMeter()),
    clock: facts.clock,
    recordContent: options.recordContent === true,
    calls: new CallSpans(api, startSpan, whom, safely),
    safely,
    within(context, work) {
      let outcome = work;
      const run = () => {
        outcome = outcomeOf(work);
      };
      safely(() => api.context.with(context, run));
      return outcome();
    },
  };
  return {
    request(request) {
      const named = { "gen_ai.operation.name": operationName(request), ...whom, "gen_ai.request.model": request.model };
      const name = `${named["gen_ai.operation.name"]} ${request.model}`.trim();
      const attributes = { ...named, "signalbox.request.id": request.id, ...requestAttributes(request) };
      const parent = telemetry.calls.contextOf(request.call);
      safely(() => telemetry.calls.asks(request.call, request.model));
      const span = startSpan(name, "CLIENT", attributes, parent);
      return new RequestSpan(telemetry, request, named, span, api.trace.setSpan(parent, span));
    },
    tool: (tool, work) => runTool(telemetry, tool, work),
    ended: (call, code) => safely(() => telemetry.calls.end(call, code)),
    circuit(model, isOpen) {
      const attributes = { "gen_ai.provider.name": facts.provider, "gen_ai.request.model": model };
      safely(() => telemetry.instruments.openCircuits.add(isOpen ? 1 : -1, attributes));
    },
  };
}

/** Runs `work`; what came of it can be had from the function, as often as wanted. */
function outcomeOf<T>(work: () => T): () => T {
  try {
    const value = work();
    return () => value;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}
