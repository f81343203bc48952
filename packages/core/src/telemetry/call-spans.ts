import type * as Api from "@opentelemetry/api";
import type { Attributes, Context, Span } from "@opentelemetry/api";
import type { ErrorCode } from "../errors/error-code.js";
import type { WatchedCall } from "../generate/request-watch.js";
import { failSpan } from "./fail-span.js";
import type { Safely, StartSpan } from "./telemetry.js";

interface CallSpan {
  context: Context;
  /** A call that runs tools has a span of its own, around its requests and tools. */
  span: Span | undefined;
}

/**
 * Where the spans of a call hang: all under the span that was active when its first one began, whoever reads the answer
 * later; under a span `invoke_agent` of their own where the call runs tools.
 */
export class CallSpans {
  readonly #api: typeof Api;
  readonly #startSpan: StartSpan;
  readonly #whom: Attributes;
  readonly #safely: Safely;
  /** By the call's own list of tools: copies of the call have the same. */
  readonly #calls = new WeakMap<WatchedCall["tools"], CallSpan>();

  constructor(api: typeof Api, startSpan: StartSpan, whom: Attributes, safely: Safely) {
    this.#api = api;
    this.#startSpan = startSpan;
    this.#whom = whom;
    this.#safely = safely;
  }

  contextOf(call: WatchedCall | undefined): Context {
    const active = this.#safely(() => this.#api.context.active()) ?? this.#api.ROOT_CONTEXT;
    if (call === undefined) return active;
    const known = this.#calls.get(call.tools);
    if (known !== undefined) return known.context;
    const span = call.tools.length === 0 ? undefined : this.#start(active);
    const context = span === undefined ? active : this.#api.trace.setSpan(active, span);
    this.#calls.set(call.tools, { context, span });
    return context;
  }

  /** A call with tools asks this model. */
  asks(call: WatchedCall | undefined, model: string): void {
    const span = call && this.#calls.get(call.tools)?.span;
    span?.setAttribute("gen_ai.request.model", model);
  }

  end(call: WatchedCall, code: ErrorCode | undefined): void {
    const span = this.#calls.get(call.tools)?.span;
    this.#calls.delete(call.tools);
    if (span === undefined) return;
    this.#safely(() => code !== undefined && code !== "aborted" && failSpan(this.#api, span, code));
    this.#safely(() => span.end());
  }

  #start(parent: Context): Span {
    const attributes = { "gen_ai.operation.name": "invoke_agent", ...this.#whom };
    return this.#startSpan("invoke_agent", "INTERNAL", attributes, parent);
  }
}
