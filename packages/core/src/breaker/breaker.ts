import { createError } from "../errors/error-classes.js";
import type { Clock } from "../http/clock.js";
import type { BreakerOptions } from "./breaker-options.js";
import { Circuit, type Cockatiel } from "./circuit.js";

/** Leave to send one request. The first verdict counts; the others are ignored. */
export interface BreakerPass {
  /** The model answers: its first token, or its whole answer, is here. */
  worked(): void;
  /** The attempt failed before that. Only some failures count against the model. */
  failed(error: unknown): void;
  /** Nobody knows whether the model would have answered. */
  left(): void;
}

/** Lets requests through to models that answer. */
export interface Breaker {
  /**
   * Leave to send `body`, or `provider_overloaded` with `retryAfterMs` where its model keeps failing. Whoever is given
   * leave owes it a verdict.
   */
  enter(body: SentModels): BreakerPass;
}

/** What of a wire body names its models: `models` are the fallbacks. */
export interface SentModels {
  model?: string | undefined;
  models?: unknown;
}

/** What a breaker tells and asks of its client. */
export interface BreakerSurroundings {
  clock: Clock;
  warn(warning: { code: "circuit_open" | "circuit_closed"; message: string }): void;
  /** The circuit of a model, or of several in one request, has opened or closed. */
  onChange(models: string, isOpen: boolean): void;
}

/** So many circuits are remembered; the one that was asked longest ago is forgotten first. */
const MOST_CIRCUITS = 1_000;

const INSTALL = "npm install cockatiel";

/**
 * Opens the breaker of a client. A circuit belongs to the model that is sent; a request with fallback models has one of
 * its own with them, for upstream answers it as long as any of them does.
 *
 * Throws: `invalid_config` where `cockatiel` is not installed.
 */
export async function openBreaker(
  options: BreakerOptions,
  surroundings: BreakerSurroundings,
  load: () => Promise<Cockatiel> = () => import("cockatiel"),
): Promise<Breaker> {
  let cockatiel: Cockatiel;
  try {
    cockatiel = await load();
  } catch (cause) {
    throw createError("invalid_config", "`breaker` needs the package cockatiel, which could not be loaded", {
      cause,
      hint: INSTALL,
    });
  }
  const { failures = 5, halfOpenAfterMs = 10_000 } = options;
  const circuits = new Map<string, Circuit>();
  const circuitOf = (name: string): Circuit => {
    const circuit = circuits.get(name) ?? new Circuit(cockatiel, name, { failures, halfOpenAfterMs, ...surroundings });
    // Behind all others: a Map gives its keys in the order in which they came.
    circuits.delete(name);
    circuits.set(name, circuit);
    const [oldest] = circuits.size > MOST_CIRCUITS ? circuits : [];
    if (oldest !== undefined) {
      circuits.delete(oldest[0]);
      oldest[1].forget();
    }
    return circuit;
  };
  return { enter: (body) => circuitOf(nameOf(body)).enter() };
}

function nameOf({ model = "", models }: SentModels): string {
  return Array.isArray(models) ? [...new Set([model, ...models.map(String)])].join(", ") : model;
}
