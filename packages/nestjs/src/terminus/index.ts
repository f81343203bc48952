/**
 * `@signalbox/nestjs/terminus`: a health indicator for `@nestjs/terminus`.
 *
 * @module nestjs/terminus
 */
export { type LLMHealthCheckOptions, LLMHealthIndicator } from "./llm-health.indicator.js";
export type { HealthProbe } from "./probe.js";
