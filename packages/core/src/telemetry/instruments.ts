import type { Attributes, Counter, Histogram, Meter, UpDownCounter } from "@opentelemetry/api";

/** From a hundredth of a second on, doubled each time: what the conventions advise for every duration here. */
const SECONDS = Array.from({ length: 14 }, (_, power) => 0.01 * 2 ** power);
const TOKENS = Array.from({ length: 14 }, (_, power) => 4 ** power);

/** What is measured. The names that begin with `gen_ai` and their units are OpenTelemetry's conventions. */
export interface Instruments {
  duration: Histogram<Attributes>;
  tokens: Histogram<Attributes>;
  firstChunk: Histogram<Attributes>;
  outputChunk: Histogram<Attributes>;
  tool: Histogram<Attributes>;
  cost: Counter<Attributes>;
  retries: Counter<Attributes>;
  limiterWait: Histogram<Attributes>;
  openCircuits: UpDownCounter<Attributes>;
}

export function createInstruments(meter: Meter): Instruments {
  const histogram = (name: string, unit: string, description: string, explicitBucketBoundaries: number[]) =>
    meter.createHistogram(name, { unit, description, advice: { explicitBucketBoundaries } });
  const seconds = (name: string, description: string) => histogram(name, "s", description, SECONDS);
  return {
    duration: seconds("gen_ai.client.operation.duration", "From the call to its end, waits and retries included."),
    tokens: histogram("gen_ai.client.token.usage", "{token}", "Tokens of a request, as upstream counted them.", TOKENS),
    firstChunk: seconds("gen_ai.client.operation.time_to_first_chunk", "From the call to the first token of a stream."),
    outputChunk: seconds("gen_ai.client.operation.time_per_output_chunk", "Between two chunks of a stream."),
    tool: seconds("gen_ai.execute_tool.duration", "How long a tool ran."),
    cost: meter.createCounter("signalbox.client.cost", {
      unit: "{USD}",
      description: "What requests have cost, in USD.",
    }),
    retries: meter.createCounter("signalbox.client.retries", {
      unit: "{retry}",
      description: "Attempts that failed and were repeated.",
    }),
    limiterWait: seconds("signalbox.client.limiter.wait", "How long an attempt stood under limits before it went out."),
    openCircuits: meter.createUpDownCounter("signalbox.client.open_circuits", {
      unit: "{circuit}",
      description: "Models that are not asked for a while, as they keep failing.",
    }),
  };
}
