import type { WriteStream } from "node:fs";
import { AggregationTemporality, type PushMetricExporter, type ResourceMetrics } from "@opentelemetry/sdk-metrics";
import type { ReadableSpan, SpanExporter } from "@opentelemetry/sdk-trace-base";

/** What an exporter tells once it is done; 0 is success. */
type Done = (result: { code: 0 | 1; error?: Error }) => void;

/** Writes values as lines of JSON. */
class Lines {
  readonly #file: WriteStream;

  constructor(file: WriteStream) {
    this.#file = file;
  }

  write(values: readonly object[], done: Done): void {
    const text = values.map((value) => `${JSON.stringify(value)}\n`).join("");
    this.#file.write(text, (error) => done(error ? { code: 1, error } : { code: 0 }));
  }
}

/** A line for each span. */
export class FileSpanExporter implements SpanExporter {
  readonly #lines: Lines;

  constructor(file: WriteStream) {
    this.#lines = new Lines(file);
  }

  export(spans: ReadableSpan[], done: Done): void {
    this.#lines.write(spans.map(asLine), done);
  }

  async shutdown(): Promise<void> {}
}

function asLine(span: ReadableSpan): object {
  const { traceId, spanId } = span.spanContext();
  return {
    span: span.name,
    trace: traceId,
    id: spanId,
    parent: span.parentSpanContext?.spanId,
    durationMs: span.duration[0] * 1_000 + span.duration[1] / 1e6,
    status: ["unset", "ok", "error"][span.status.code],
    attributes: span.attributes,
    events: span.events.map(({ name, attributes }) => ({ name, attributes })),
  };
}

/** A line for each metric and each set of attributes that it was measured with, all since the start. */
export class FileMetricExporter implements PushMetricExporter {
  readonly #lines: Lines;

  constructor(file: WriteStream) {
    this.#lines = new Lines(file);
  }

  export({ scopeMetrics }: ResourceMetrics, done: Done): void {
    const lines = scopeMetrics
      .flatMap(({ metrics }) => metrics)
      .flatMap(({ descriptor, dataPoints }) =>
        dataPoints.map(({ attributes, value }) => ({
          metric: descriptor.name,
          unit: descriptor.unit,
          attributes,
          value,
        })),
      );
    this.#lines.write(lines, done);
  }

  selectAggregationTemporality(): AggregationTemporality {
    return AggregationTemporality.CUMULATIVE;
  }

  async forceFlush(): Promise<void> {}

  async shutdown(): Promise<void> {}
}
