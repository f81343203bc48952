import type { Attributes } from "@opentelemetry/api";
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  type MetricData,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import { onTestFinished } from "vitest";

/** What one set of attributes came to: a number, or how often and how much in all. */
export interface Measured {
  attributes: Attributes;
  value: number | { count: number; sum: number };
}

/** An OpenTelemetry that keeps what it is told; ends with the test. */
export function recordTelemetry() {
  const exporter = new InMemorySpanExporter();
  const tracerProvider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  const metricExporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter: metricExporter, exportIntervalMillis: 3_600_000 });
  const meterProvider = new MeterProvider({ readers: [reader] });
  onTestFinished(async () => {
    await tracerProvider.shutdown();
    await meterProvider.shutdown();
  });
  const recorder = {
    telemetry: { tracerProvider, meterProvider },
    tracerProvider,
    /** The spans that have ended, in this order. */
    spans: (): ReadableSpan[] => exporter.getFinishedSpans(),
    span(name: string): ReadableSpan {
      const found = exporter.getFinishedSpans().filter((span) => span.name === name);
      if (found.length !== 1) throw new Error(`${found.length} spans "${name}"`);
      return found[0] as ReadableSpan;
    },
    /** Everything measured so far. */
    async metrics(): Promise<MetricData[]> {
      metricExporter.reset();
      await meterProvider.forceFlush();
      return metricExporter.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics));
    },
    /** The same, by the name of the instrument. */
    async measured(): Promise<Record<string, Measured[]>> {
      return Object.fromEntries(
        (await recorder.metrics()).map(({ descriptor, dataPoints }) => [
          descriptor.name,
          dataPoints.map(({ attributes, value }) => ({
            attributes,
            value:
              typeof value === "number" ? value : { count: value.count, sum: Number((value as { sum?: number }).sum) },
          })),
        ]),
      );
    },
    /** Everything that was told, spans and measurements, for those who look for what must not be there. */
    async told(): Promise<unknown[]> {
      const spans = exporter
        .getFinishedSpans()
        .map(({ name, attributes, events, status, links }) => ({ name, attributes, events, status, links }));
      return [...spans, await recorder.measured()];
    },
  };
  return recorder;
}
