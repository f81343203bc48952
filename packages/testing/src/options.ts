import type { Script } from "./answers/reply.js";
import type { ModelsOption } from "./catalogue/catalogue.js";
import type { Notation } from "./catalogue/notation.js";
import type { Clock } from "./clock.js";

/** How a simulator behaves; every option may be left out. */
export interface SimulatorOptions {
  /** Answers per request what no queued reply answers; `undefined` lets the simulator compose. */
  script?: Script | undefined;
  /** Equal seeds give equal answers to equal requests. @default 0 */
  seed?: string | number | undefined;
  /** Which model ids are accepted. @default "2026" */
  notation?: Notation | undefined;
  /** OpenRouter's own limit; the window starts with the first request and lasts a minute. @default none */
  rateLimit?: { requestsPerMinute: number } | undefined;
  /** USD on the account; 402 when they are spent. @default without limit */
  credits?: number | undefined;
  /** Models that extend (same id: replace) the default list, or `{ only: [...] }`. */
  models?: ModelsOption | undefined;
  /** Speed of answers. @default as fast as the client reads */
  tokensPerSecond?: number | undefined;
  /** Bearer keys that are accepted; any other gets 401. @default every key */
  keys?: readonly string[] | undefined;
  /** Keys that may read GET /credits and may not ask models. @default every key may do both */
  managementKeys?: readonly string[] | undefined;
  /** How many look-ups of GET /generation fail with 404 before each id is found. @default 0 */
  generationMisses?: number | undefined;
  /** TCP port on 127.0.0.1. @default 0: any free port */
  port?: number | undefined;
  /** Time for rate limits, pacing, delays and timestamps. @default the system's */
  clock?: Clock | undefined;
}

const known: Readonly<Record<keyof SimulatorOptions, true>> = {
  script: true,
  seed: true,
  notation: true,
  rateLimit: true,
  credits: true,
  models: true,
  tokensPerSecond: true,
  keys: true,
  managementKeys: true,
  generationMisses: true,
  port: true,
  clock: true,
};

/** @throws TypeError for a name or value that no simulator could mean. */
export function checkOptions(options: SimulatorOptions): void {
  for (const name of Object.keys(options)) {
    if (!Object.hasOwn(known, name))
      throw new TypeError(`startSimulator: unknown option "${name}" (known: ${Object.keys(known).join(", ")})`);
  }
  const { notation, tokensPerSecond, rateLimit, credits } = options;
  if (notation !== undefined && notation !== "2026" && notation !== "2024")
    throw new TypeError(`startSimulator: notation is "2026" or "2024", not ${JSON.stringify(notation)}`);
  if (tokensPerSecond !== undefined && !(tokensPerSecond > 0))
    throw new TypeError("startSimulator: tokensPerSecond must be above 0");
  if (rateLimit !== undefined && !(rateLimit.requestsPerMinute >= 0))
    throw new TypeError("startSimulator: rateLimit.requestsPerMinute must be 0 or more");
  if (credits !== undefined && !(credits >= 0)) throw new TypeError("startSimulator: credits must be 0 or more");
}
