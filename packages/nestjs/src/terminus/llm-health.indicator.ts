import { AsyncResource } from "node:async_hooks";
import { Inject, Injectable } from "@nestjs/common";
import { ModuleRef } from "@nestjs/core";
import { type HealthIndicatorResult, HealthIndicatorService } from "@nestjs/terminus";
import { type LLMClient, LLMError, LLMTimeoutError } from "@signalbox/core";
import { getLLMClientToken } from "../llm.tokens.js";
import { freeProbe, type HealthProbe } from "./probe.js";

/** What is looked at, and how often. */
export interface LLMHealthCheckOptions {
  /** The name the client is registered under. @default "default" */
  client?: string | undefined;
  /** How long an answer is good for, in milliseconds; a failure at most 5,000. 0 = ask each time. @default 30_000 */
  cacheMs?: number | undefined;
  /** How long upstream may take, in milliseconds. @default 3_000 */
  timeoutMs?: number | undefined;
  /** What is asked instead of the default, which costs nothing. */
  probe?: HealthProbe | undefined;
}

/** How upstream is, as far as everybody may know. */
type Health = { provider: string } & ({ isUp: true } | { isUp: false; code: string; retryable?: boolean });

interface Look {
  health: Promise<Health>;
  goodUntil: number;
}

const FAILURE_MS = 5_000;
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * Says whether the models can be reached, for `@nestjs/terminus`. Provide it where `TerminusModule` is imported.
 *
 * Shape: `up` with `{ provider }`, or `down` with `{ provider, code, retryable }`, the code of core's error; nothing
 * that upstream said, nothing about the account. The default probe costs nothing: OpenRouter's key information (a key
 * with nothing left is down), the model list of servers that are compatible with OpenAI.
 * Units: one look serves every check of a `key` and client for `cacheMs`, those at the same time share it.
 * Throws: Nest's own error for a client that is not registered. What upstream does never throws.
 */
@Injectable()
export class LLMHealthIndicator {
  readonly #indicators: HealthIndicatorService;
  readonly #moduleRef: ModuleRef;
  readonly #looks = new Map<string, Look>();
  // A look outlives the request that led to it, and is charged to nobody.
  readonly #outside = new AsyncResource("signalbox.LLMHealthIndicator");

  /**
   * Made by Nest.
   *
   * @param indicators - makes the results of terminus
   * @param moduleRef - finds the client
   */
  constructor(
    @Inject(HealthIndicatorService) indicators: HealthIndicatorService,
    @Inject(ModuleRef) moduleRef: ModuleRef,
  ) {
    this.#indicators = indicators;
    this.#moduleRef = moduleRef;
  }

  /** Looks, or tells what was seen a moment ago; `key` is the name in the health check's answer, and of what was seen. */
  async isHealthy<const Key extends string>(
    key: Key,
    options: LLMHealthCheckOptions = {},
  ): Promise<HealthIndicatorResult<Key>> {
    const { isUp, ...told } = await this.#look(key, options);
    const indicator = this.#indicators.check(key);
    return isUp ? indicator.up(told) : indicator.down(told);
  }

  #look(key: string, { client: name, cacheMs = 30_000, timeoutMs = 3_000, probe = freeProbe }: LLMHealthCheckOptions) {
    const token = getLLMClientToken(name);
    const place = `${token} ${key}`;
    const known = this.#looks.get(place);
    if (known !== undefined && performance.now() < known.goodUntil) return known.health;
    const client = this.#moduleRef.get<LLMClient>(token, { strict: false });
    const look: Look = {
      health: this.#outside.runInAsyncScope(() => seen(client, timeoutMs, probe)),
      goodUntil: Number.POSITIVE_INFINITY,
    };
    this.#looks.set(place, look);
    void look.health.then(({ isUp }) => {
      look.goodUntil = performance.now() + (isUp ? cacheMs : Math.min(cacheMs, FAILURE_MS));
    });
    return look.health;
  }
}

async function seen(client: LLMClient, timeoutMs: number, probe: HealthProbe): Promise<Health> {
  const { provider } = client;
  try {
    await within(timeoutMs, () => probe(client.scope({ timeouts: { totalMs: timeoutMs } })));
    return { provider, isUp: true };
  } catch (error) {
    if (!LLMError.is(error)) return { provider, isUp: false, code: "internal" };
    return { provider, isUp: false, code: error.code, retryable: error.retryable };
  }
}

/** A probe may ask something else than the client, which ends by itself. */
async function within(timeoutMs: number, probe: () => unknown): Promise<void> {
  const late = Promise.withResolvers<never>();
  const tooLate = () => late.reject(new LLMTimeoutError("timeout", "the probe did not end in time"));
  const timer = setTimeout(tooLate, Math.min(timeoutMs, LONGEST_TIMER_MS));
  try {
    await Promise.race([probe(), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
