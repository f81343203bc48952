import { createError, extendError, PermissionError } from "../errors/error-classes.js";
import { costOfGeneration } from "../usage/read-cost.js";
import type { Cost } from "../usage/usage.js";
import { recordOf } from "../usage/wire-number.js";

/** A key's own account, in wire shape. Money is USD; `null` means without limit. */
export interface KeyInfo {
  label?: string;
  limit?: number | null;
  limit_remaining?: number | null;
  limit_reset?: string | null;
  usage?: number;
  usage_daily?: number;
  usage_weekly?: number;
  usage_monthly?: number;
  byok_usage?: number;
  include_byok_in_limit?: boolean;
  /** Requests of today to `:free` models, of the whole account. */
  free_model_daily_requests?: { limit?: number; used?: number; remaining?: number };
  is_free_tier?: boolean;
  is_management_key?: boolean;
  expires_at?: string | null;
  [field: string]: unknown;
}

/** What was bought and what was spent, in USD; the balance is the difference. */
export interface CreditsInfo {
  total_credits?: number;
  total_usage?: number;
  [field: string]: unknown;
}

/** What OpenRouter knows of one generation, in wire shape, and its cost as this package reads it. */
export interface GenerationInfo {
  id?: string;
  model?: string;
  provider_name?: string | null;
  created_at?: string;
  total_cost?: number;
  usage?: number;
  cache_discount?: number | null;
  upstream_inference_cost?: number | null;
  is_byok?: boolean;
  tokens_prompt?: number | null;
  tokens_completion?: number | null;
  native_tokens_prompt?: number | null;
  native_tokens_completion?: number | null;
  native_tokens_reasoning?: number | null;
  native_tokens_cached?: number | null;
  native_tokens_completion_images?: number | null;
  num_search_results?: number | null;
  session_id?: string | null;
  service_tier?: string | null;
  native_finish_reason?: string | null;
  finish_reason?: string | null;
  cancelled?: boolean | null;
  streamed?: boolean | null;
  latency?: number | null;
  generation_time?: number | null;
  /** Absent where the answer names no amount. */
  cost?: Cost | undefined;
  [field: string]: unknown;
}

/**
 * Questions to OpenRouter about the account. Each is one request with the scope's key, signal and clocks; it is neither
 * retried nor counted. Errors are the request's.
 */
export interface Account {
  /** The key in use: its limit, and what it has spent. */
  key(): Promise<KeyInfo>;
  /** Needs a management key; with any other it rejects with `permission_denied`, and `key()` tells what is left. */
  credits(): Promise<CreditsInfo>;
  /** One generation by its id. A fresh one may not be known for some seconds: `not_found`. */
  generation(id: string): Promise<GenerationInfo>;
}

/** Makes an account from a way to GET a path below the base URL that resolves with the parsed body. */
export function createAccount(get: (path: string) => Promise<unknown>): Account {
  const data = async (path: string, what: string): Promise<Record<string, unknown>> => {
    const found = recordOf(recordOf(await get(path))?.data);
    if (!found) throw createError("invalid_response", `the answer has no ${what}`);
    return found;
  };
  return {
    key: () => data("/key", "key"),
    async credits() {
      try {
        return await data("/credits", "credits");
      } catch (error) {
        if (!PermissionError.is(error)) throw error;
        throw extendError(error, { hint: "GET /credits needs a management key; account.key() works with any." });
      }
    },
    async generation(id) {
      if (typeof id !== "string" || id.trim() === "")
        throw createError("invalid_request", "the generation id is empty");
      const found = await data(`/generation?id=${encodeURIComponent(id)}`, "generation");
      const cost = costOfGeneration(found);
      return cost === undefined ? found : { ...found, cost };
    },
  };
}
