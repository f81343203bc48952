import { type ExecutionContext, Inject, Injectable } from "@nestjs/common";
import { ModuleRef } from "@nestjs/core";
import {
  type LimitAnswer,
  type LimitEntry,
  type LimitStore,
  type LLM,
  LLMError,
  ProviderError,
  RateLimitError,
} from "@signalbox/core";
import { getLLMClientToken } from "../llm.tokens.js";
import { LLMRequests } from "../llm-requests.js";
import { callerOf, httpRequestOf } from "./caller.js";
import type { Gate } from "./gate-metadata.js";
import type { LLMLimitRule } from "./llm-limit-rule.js";
import { RequestWindows } from "./request-windows.js";

const MINUTE = 60_000;

/** A rule as it stands for one caller. */
interface CallerLimit {
  counter: string;
  rule: LLMLimitRule;
}

/** Counts who asks, for `@LLMLimit()`; there is one of it in an application. */
@Injectable()
export class LLMGates {
  readonly #moduleRef: ModuleRef;
  readonly #requests: LLMRequests;
  readonly #windows = new RequestWindows();
  readonly #busy = new Map<string, number>();

  constructor(@Inject(ModuleRef) moduleRef: ModuleRef, @Inject(LLMRequests) requests: LLMRequests) {
    this.#moduleRef = moduleRef;
    this.#requests = requests;
  }

  /**
   * Lets a request in; gives the function that takes its places, which in turn gives the one that gives them back.
   *
   * Throws: `rate_limit` where the caller has asked too often, or is being answered as often as may be.
   */
  async admit(gate: Gate<LLMLimitRule>, context: ExecutionContext): Promise<() => () => void> {
    const client = this.#moduleRef.get<LLM>(getLLMClientToken(gate.client), { strict: false });
    const limits = this.#limitsOf(gate, client, context);
    const bounded = limits.filter(({ rule }) => rule.maxConcurrency !== undefined);
    this.#checkPlaces(bounded);
    await this.#count(this.#requests.limitStoreOf(client) ?? this.#windows, limits);
    return () => this.#occupy(bounded);
  }

  #occupy(limits: readonly CallerLimit[]): () => void {
    this.#checkPlaces(limits);
    for (const { counter } of limits) this.#busy.set(counter, this.#answered(counter) + 1);
    return () => {
      for (const { counter } of limits) {
        const left = this.#answered(counter) - 1;
        if (left > 0) this.#busy.set(counter, left);
        else this.#busy.delete(counter);
      }
    };
  }

  async #count(store: Pick<LimitStore, "take">, limits: readonly CallerLimit[]): Promise<void> {
    const entries = limits.flatMap(({ counter, rule: { requestsPerMinute: limit } }): LimitEntry[] =>
      limit === undefined ? [] : [{ counter, limit, windowMs: MINUTE }],
    );
    if (entries.length === 0) return;
    const answer = await take(store, entries);
    if (answer.ok) return;
    throw new RateLimitError("rate_limit", "rate limit exceeded: too many requests of this caller", {
      retryAfterMs: answer.retryAfterMs,
    });
  }

  #checkPlaces(limits: readonly CallerLimit[]): void {
    for (const { counter, rule } of limits) {
      if (this.#answered(counter) < (rule.maxConcurrency ?? Number.POSITIVE_INFINITY)) continue;
      throw new RateLimitError("rate_limit", "rate limit exceeded: too many requests of this caller at once", {
        hint: "wait for an answer to end",
      });
    }
  }

  #answered(counter: string): number {
    return this.#busy.get(counter) ?? 0;
  }

  #limitsOf(gate: Gate<LLMLimitRule>, client: LLM, context: ExecutionContext): CallerLimit[] {
    return gate.rules.flatMap((rule, index) => {
      const whose = this.#keyOf(rule, client, context);
      return whose === undefined ? [] : [{ rule, counter: `nest:${gate.place}:${index}:${encodeURIComponent(whose)}` }];
    });
  }

  #keyOf({ key }: LLMLimitRule, client: LLM, context: ExecutionContext): string | undefined {
    if (typeof key === "string") return key;
    if (key !== undefined) return key(callerOf(context) as never, context);
    const request = httpRequestOf(context);
    const user = request && this.#requests.scopeOf(client)?.(request).user;
    return user ?? addressOf(request ?? callerOf(context));
  }
}

/** Where somebody comes from, as far as the platform tells; strangers whose address is unknown count together. */
function addressOf(caller: object | undefined): string {
  const { ip, _socket, handshake } = (caller ?? {}) as {
    ip?: string;
    _socket?: { remoteAddress?: string };
    handshake?: { address?: string };
  };
  return ip ?? _socket?.remoteAddress ?? handshake?.address ?? "unknown";
}

async function take(store: Pick<LimitStore, "take">, entries: LimitEntry[]): Promise<LimitAnswer> {
  try {
    return await store.take(entries);
  } catch (cause) {
    if (LLMError.is(cause)) throw cause;
    // What cannot be counted does not get in: a broken store is no free pass.
    throw new ProviderError("provider_error", "the limit store failed, and the request was refused", {
      cause,
      retryable: true,
    });
  }
}
