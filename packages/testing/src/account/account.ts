import type { Clock } from "../clock.js";
import { rateLimitError } from "../faults/http-fault.js";
import { ApiError } from "../wire/api-error.js";
import { type Money, money, usd } from "../wire/exact-money.js";

export interface AccountOptions {
  /** USD to spend; absent: without limit. */
  credits: number | undefined;
  requestsPerMinute: number | undefined;
  clock: Clock;
}

const minute = 60_000;

/** The one account behind every key: its credits, what it has used, and its rate limit. */
export class Account {
  readonly userId = "user_2sJmB4dQvTn7XyWcKpZr0fHgLeA";
  private used: Money = 0n;
  private windowStart = Number.NEGATIVE_INFINITY;
  private requestsInWindow = 0;

  constructor(private readonly options: AccountOptions) {}

  /** USD, or null where credits are not limited. */
  get totalCredits(): number | null {
    return this.options.credits ?? null;
  }

  /** USD. */
  get totalUsage(): number {
    return usd(this.used);
  }

  /** Refuses a request that comes too early; the window starts with its first request and lasts a minute. */
  countRequest(model: string): void {
    const limit = this.options.requestsPerMinute;
    if (limit === undefined) return;
    const now = this.options.clock.now();
    if (now >= this.windowStart + minute) {
      this.windowStart = now;
      this.requestsInWindow = 0;
    }
    if (this.requestsInWindow >= limit) {
      throw rateLimitError(
        limit,
        this.windowStart + minute,
        model.endsWith(":free") ? "free-models-per-min" : "requests-per-min",
      );
    }
    this.requestsInWindow += 1;
  }

  /** Refuses what the credits cannot pay: anything once they are spent, else a token limit beyond them. */
  checkCredits(promptTokens: number, maxTokens: number | undefined, pricing: Readonly<Record<string, string>>): void {
    if (this.options.credits === undefined) return;
    const left = money(this.options.credits) - this.used;
    const promptPrice = money(pricing.prompt ?? "0");
    const completionPrice = money(pricing.completion ?? "0");
    if (promptPrice + completionPrice === 0n && left >= 0n) return;
    if (left <= 0n) throw insufficient("Insufficient credits. Add more using https://openrouter.ai/credits");
    if (completionPrice === 0n || maxTokens === undefined) return;
    const forCompletion = left - BigInt(promptTokens) * promptPrice;
    const affordable = forCompletion > 0n ? forCompletion / completionPrice : 0n;
    if (BigInt(maxTokens) > affordable) {
      throw insufficient(
        `This request requires more credits, or fewer max_tokens. You requested up to ${maxTokens} tokens, but can only afford ${affordable}. To increase, visit https://openrouter.ai/settings/credits and add more credits`,
      );
    }
  }

  spend(amount: Money): void {
    this.used += amount;
  }
}

function insufficient(message: string): ApiError {
  return new ApiError(402, message, { metadata: { provider_name: null } });
}
