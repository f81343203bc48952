/**
 * When to stop asking a model that keeps failing: its calls then fail with `provider_overloaded`, unsent, with
 * `retryAfterMs`. Failures of upstream and of the way to it count, before the first token; refusals of the request, rate
 * limits and aborts do not. Needs `cockatiel`: without it the first call fails with `invalid_config`, unsent.
 */
export interface BreakerOptions {
  /** So many failures in a row open the circuit of a model. @default 5 */
  failures?: number | undefined;
  /** After so many milliseconds one call is let through to try; it closes the circuit, or opens it again. @default 10_000 */
  halfOpenAfterMs?: number | undefined;
}
