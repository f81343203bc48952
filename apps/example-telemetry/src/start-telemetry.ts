import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { context, metrics, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { MeterProvider, PeriodicExportingMetricReader } from "@opentelemetry/sdk-metrics";
import { BasicTracerProvider, BatchSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { FileMetricExporter, FileSpanExporter } from "./file-exporters.js";

/**
 * Sets OpenTelemetry up for the whole process, with a file where a service has an OTLP exporter. Signalbox finds it by
 * itself: a client only has to be told `telemetry: {}`.
 */
export async function startTelemetry(path: string): Promise<{ close(): Promise<void> }> {
  const file = createWriteStream(path, { flags: "a" });
  await once(file, "open");
  const resource = resourceFromAttributes({ "service.name": "example-telemetry" });
  const spans = new BatchSpanProcessor(new FileSpanExporter(file), { scheduledDelayMillis: 500 });
  const tracerProvider = new BasicTracerProvider({ resource, spanProcessors: [spans] });
  const reader = new PeriodicExportingMetricReader({
    exporter: new FileMetricExporter(file),
    exportIntervalMillis: 10_000,
    exportTimeoutMillis: 5_000,
  });
  const meterProvider = new MeterProvider({ resource, readers: [reader] });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  trace.setGlobalTracerProvider(tracerProvider);
  metrics.setGlobalMeterProvider(meterProvider);
  return {
    async close() {
      await tracerProvider.shutdown();
      await meterProvider.shutdown();
      file.end();
      await once(file, "close");
    },
  };
}
