import type { Attributes, Context, Span } from "@opentelemetry/api";
import type { RequestEnd, RequestWatch, WatchedRequest } from "../generate/request-watch.js";
import type { Cost, Usage } from "../usage/usage.js";
import { failSpan } from "./fail-span.js";
import { recordedMessages, recordedValue } from "./recorded-messages.js";
import type { Telemetry } from "./telemetry.js";

/** The span of a request, all its attempts together, and what is measured of it. */
export class RequestSpan implements RequestWatch {
  readonly #telemetry: Telemetry;
  readonly #request: WatchedRequest;
  /** On every measurement: what was asked for, whom and where. */
  readonly #named: Attributes;
  readonly #span: Span;
  readonly #context: Context;
  readonly #onSpan: Attributes = {};
  #waitedMs: number | undefined;
  #lastRead: number | undefined;
  #promptTokens: number | undefined;
  #completionTokens: number | undefined;
  #usd: number | undefined;

  constructor(telemetry: Telemetry, request: WatchedRequest, named: Attributes, span: Span, context: Context) {
    this.#telemetry = telemetry;
    this.#request = request;
    this.#named = named;
    this.#span = span;
    this.#context = context;
    if (telemetry.recordContent) telemetry.safely(() => span.isRecording() && this.#recordAsked());
  }

  within<T>(work: () => T): T {
    return this.#telemetry.within(this.#context, work);
  }

  waited(ms: number): void {
    this.#waitedMs = (this.#waitedMs ?? 0) + ms;
    this.#measure(({ limiterWait }) => limiterWait.record(ms / 1_000, this.#named));
  }

  retried({ attempt, delayMs, code, status }: Parameters<RequestWatch["retried"]>[0]): void {
    this.#lastRead = undefined;
    this.#measure(({ retries }) => retries.add(1, { ...this.#named, "error.type": code }));
    this.#telemetry.safely(() =>
      this.#span.addEvent("signalbox.retry", {
        "signalbox.attempt": attempt,
        "signalbox.retry.delay": delayMs / 1_000,
        "error.type": code,
        ...(status === undefined ? {} : { "http.response.status_code": status }),
      }),
    );
  }

  firstToken(ms: number): void {
    if (this.#request.streaming) this.#measure(({ firstChunk }) => firstChunk.record(ms / 1_000, this.#named));
  }

  /** Chunks that came with one read share the time since the read before. */
  read(chunks: number): void {
    if (chunks === 0) return;
    const now = this.#telemetry.clock.now();
    const last = this.#lastRead;
    this.#lastRead = now;
    if (last === undefined) return;
    const seconds = (now - last) / 1_000 / chunks;
    this.#measure(({ outputChunk }) => {
      for (let chunk = 0; chunk < chunks; chunk++) outputChunk.record(seconds, this.#named);
    });
  }

  booked(usage: Usage | undefined, cost: Cost | undefined): void {
    if (usage !== undefined) this.#count(usage);
    if (cost === undefined) return;
    this.#usd = (this.#usd ?? 0) + cost.totalUsd;
    this.#onSpan["signalbox.cost.source"] = cost.source;
    const attributes = { ...this.#named, "signalbox.cost.source": cost.source };
    this.#measure((instruments) => instruments.cost.add(cost.totalUsd, attributes));
  }

  ended(end: RequestEnd): void {
    const { outcome, code, latencyMs, model, message } = end;
    const failed = outcome === "failed" || outcome === "refused" ? (code ?? "_OTHER") : undefined;
    const attributes = {
      ...this.#named,
      ...fromCache(end),
      "signalbox.outcome": outcome,
      ...(model === undefined ? {} : { "gen_ai.response.model": model }),
      ...(failed === undefined ? {} : { "error.type": failed }),
    };
    this.#measure(({ duration }) => duration.record(latencyMs / 1_000, attributes));
    this.#telemetry.safely(() => {
      const { api, recordContent } = this.#telemetry;
      this.#span.setAttributes({ ...this.#onSpan, ...this.#answered(end) });
      if (recordContent && message !== undefined && this.#span.isRecording())
        this.#span.setAttribute("gen_ai.output.messages", recordedMessages([message], end.finishReason));
      if (failed !== undefined) failSpan(api, this.#span, failed);
    });
    this.#telemetry.safely(() => this.#span.end());
  }

  #count({ promptTokens, completionTokens, cachedTokens, cacheWriteTokens, reasoningTokens }: Usage): void {
    this.#promptTokens = (this.#promptTokens ?? 0) + promptTokens;
    this.#completionTokens = (this.#completionTokens ?? 0) + completionTokens;
    const parts = {
      "gen_ai.usage.cache_read.input_tokens": cachedTokens,
      "gen_ai.usage.cache_creation.input_tokens": cacheWriteTokens,
      "gen_ai.usage.reasoning.output_tokens": reasoningTokens,
    };
    for (const [name, tokens] of Object.entries(parts))
      if (tokens !== undefined) this.#onSpan[name] = Number(this.#onSpan[name] ?? 0) + tokens;
    this.#measure(({ tokens }) => {
      tokens.record(promptTokens, { ...this.#named, "gen_ai.token.type": "input" });
      tokens.record(completionTokens, { ...this.#named, "gen_ai.token.type": "output" });
    });
  }

  #answered(end: RequestEnd): Attributes {
    const { outcome, attempts, model, servedBy, generationId, finishReason, firstTokenMs } = end;
    return {
      ...fromCache(end),
      "signalbox.outcome": outcome,
      "signalbox.attempts": attempts,
      ...given("gen_ai.response.model", model),
      ...given("gen_ai.response.id", generationId),
      ...given("gen_ai.response.finish_reasons", finishReason && [finishReason]),
      ...given("gen_ai.usage.input_tokens", this.#promptTokens),
      ...given("gen_ai.usage.output_tokens", this.#completionTokens),
      ...given("signalbox.served_by", servedBy),
      ...given("signalbox.cost.usd", this.#usd),
      ...given("signalbox.limiter.wait", this.#waitedMs === undefined ? undefined : this.#waitedMs / 1_000),
      ...(this.#request.streaming && firstTokenMs !== undefined
        ? { "gen_ai.response.time_to_first_chunk": firstTokenMs / 1_000 }
        : {}),
    };
  }

  #recordAsked(): void {
    const { messages, input, tools } = this.#request.body;
    if (messages !== undefined) this.#span.setAttribute("gen_ai.input.messages", recordedMessages(messages));
    else if (input !== undefined) this.#span.setAttribute("gen_ai.input.messages", recordedValue(input));
    if (tools !== undefined) this.#span.setAttribute("gen_ai.tool.definitions", recordedValue(tools));
  }

  #measure(measure: (instruments: Telemetry["instruments"]) => void): void {
    this.#telemetry.safely(() => measure(this.#telemetry.instruments));
  }
}

/** What was answered without having been sent was kept from an earlier time. */
function fromCache({ outcome, attempts }: RequestEnd): Attributes {
  return outcome === "answered" && attempts === 0 ? { "signalbox.from_cache": true } : {};
}

function given(name: string, value: string | number | string[] | undefined): Attributes {
  return value === undefined || value === "" ? {} : { [name]: value };
}
