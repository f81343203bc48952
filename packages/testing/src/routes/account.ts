import type { JsonObject } from "../json.js";
import type { Simulation } from "../simulation.js";

/** GET /key. */
export function currentKey({ account, keys }: Simulation, key: string): JsonObject {
  const used = account.totalUsage;
  const limit = account.totalCredits;
  const isManagement = keys.isManagement(key);
  return {
    data: {
      label: `sk-or-v1-${key.slice(-7, -4) || "sim"}...${key.slice(-3)}`,
      limit,
      limit_remaining: limit === null ? null : Math.round((limit - used) * 1e12) / 1e12,
      limit_reset: null,
      usage: used,
      usage_daily: used,
      usage_weekly: used,
      usage_monthly: used,
      byok_usage: 0,
      byok_usage_daily: 0,
      byok_usage_weekly: 0,
      byok_usage_monthly: 0,
      include_byok_in_limit: false,
      is_free_tier: false,
      is_management_key: isManagement,
      is_provisioning_key: isManagement,
      creator_user_id: account.userId,
      organization_id: null,
      workspace_id: "00000000-0000-4000-8000-000000000000",
      allowed_data_regions: ["global"],
      free_model_daily_requests: { limit: 1000, used: 0, remaining: 1000 },
      expires_at: null,
      rate_limit: { requests: -1, interval: "10s", note: "This field is deprecated and safe to ignore." },
    },
  };
}

/** GET /credits. */
export function credits({ account }: Simulation): JsonObject {
  return { data: { total_credits: account.totalCredits ?? 0, total_usage: account.totalUsage } };
}
