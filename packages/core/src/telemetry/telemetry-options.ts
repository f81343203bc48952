/**
 * Traces and metrics through `@opentelemetry/api`, which has to be installed: without it the first call fails with
 * `invalid_config`, unsent. Giving the options switches them on. Names are those of OpenTelemetry's conventions for
 * generative AI; what they have no name for begins with `signalbox.`. What OpenTelemetry fails with reaches no call.
 */
export interface TelemetryOptions {
  /** A TracerProvider of OpenTelemetry. @default the global one */
  tracerProvider?: object | undefined;
  /** A MeterProvider of OpenTelemetry. @default the global one, as it is at the first call */
  meterProvider?: object | undefined;
  /**
   * Put prompts, answers, and arguments and results of tools on the spans, too; images, audio and files are left out.
   * Keys and headers never are. @default false
   */
  recordContent?: boolean | undefined;
}
