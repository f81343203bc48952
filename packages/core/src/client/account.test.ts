import { describe, expect, test } from "vitest";
import { createError } from "../errors/error-classes.js";
import { createAccount } from "./account.js";

function accountOf(answers: Record<string, unknown>) {
  return createAccount(async (path) => answers[path]);
}

describe("the account", () => {
  test("S35 the key tells its limit", async () => {
    const data = { label: "sk-or-v1-…abc", limit: 10, limit_remaining: 7.5, usage: 2.5, is_free_tier: false };
    expect(await accountOf({ "/key": { data } }).key()).toEqual(data);
  });

  test("credits and a generation with its cost", async () => {
    const account = accountOf({
      "/credits": { data: { total_credits: 10, total_usage: 4 } },
      "/generation?id=gen%2F1%26x": { data: { id: "gen/1&x", total_cost: 0.25, is_byok: false } },
      "/generation?id=gen-2": { data: { id: "gen-2" } },
    });
    expect(await account.credits()).toEqual({ total_credits: 10, total_usage: 4 });
    expect(await account.generation("gen/1&x")).toMatchObject({
      total_cost: 0.25,
      cost: { usd: 0.25, totalUsd: 0.25, source: "generation" },
    });
    expect(await account.generation("gen-2")).toEqual({ id: "gen-2" });
  });

  test("credits that a key may not see say which key may", async () => {
    const account = createAccount(async () => {
      throw createError("permission_denied", "Only management keys can do this", { generationId: "gen-1" });
    });
    await expect(account.credits()).rejects.toMatchObject({
      code: "permission_denied",
      status: 403,
      detail: "Only management keys can do this",
      hint: expect.stringContaining("management key"),
    });
    await expect(account.key()).rejects.toMatchObject({ code: "permission_denied", hint: undefined });
  });

  test("an answer without data and an empty id are errors", async () => {
    const account = accountOf({ "/key": { data: [] } });
    await expect(account.key()).rejects.toMatchObject({ code: "invalid_response" });
    await expect(account.credits()).rejects.toMatchObject({ code: "invalid_response" });
    await expect(account.generation(" ")).rejects.toMatchObject({ code: "invalid_request" });
  });
});
