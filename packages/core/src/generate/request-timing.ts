/** How often and how patiently a failed request is tried again. */
export interface RetryOptions {
  /** Further attempts after the first. @default 2 */
  maxRetries?: number | undefined;
  /** @default 500 */
  baseDelayMs?: number | undefined;
  /** @default 8_000 */
  maxDelayMs?: number | undefined;
  /** The longest wait in all; a hint beyond it fails at once with `retryAfterMs`. @default 30_000 */
  maxTotalMs?: number | undefined;
}

/** Clocks in milliseconds; 0 switches one off; merged key by key over the client's. */
export interface TimeoutOptions {
  /** Until the socket is ready. @default 10_000 */
  connectMs?: number | undefined;
  /** Until the first text, reasoning or call delta. @default off for streams, 600_000 otherwise */
  firstTokenMs?: number | undefined;
  /** Between any two bytes. @default 60_000 */
  idleMs?: number | undefined;
  /** Waiting and retries included. @default off */
  totalMs?: number | undefined;
}
