import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ManualClock } from "../../test/manual-clock.js";
import type { Budget } from "./budget-store.js";
import { budgetWindow } from "./budget-window.js";
import { Budgets } from "./budgets.js";

const NOON = Date.UTC(2026, 10, 23, 12, 30);

function setup() {
  const clock = new ManualClock(NOON);
  const budgets = new Budgets({ clock });
  let calls = 0;
  const inBackground = (work: Promise<void>) => void work;
  const reserve = async (budget: Budget | Budget[], amountUsd: number | undefined, subject = "ann") =>
    budgets.reserve({
      budgets: Array.isArray(budget) ? budget : [budget],
      subject,
      amountUsd,
      owner: { id: `call-${calls++}`, inBackground },
    });
  return { clock, reserve };
}
const day = (usd: number, more: Partial<Budget> = {}): Budget => ({ usd, per: "day", ...more });

describe("budgets", () => {
  test("S43 a call that could go beyond the budget is refused before it is sent", async () => {
    const { reserve } = setup();
    await (await reserve(day(1), 0.6)).settle(0.5);
    await expect(reserve(day(1), 0.6)).rejects.toMatchObject({
      name: "BudgetExceededError",
      code: "budget_exceeded",
      status: 402,
      detail: expect.stringContaining("day budget of 1 USD"),
      retryAfterMs: 11.5 * 3_600_000,
    });
    await expect(reserve(day(1), 0.5)).resolves.toBeDefined();
  });

  test("reservations count until they are settled or released, each once", async () => {
    const { reserve } = setup();
    const first = await reserve(day(1), 0.9);
    await expect(reserve(day(1), 0.2)).rejects.toMatchObject({ code: "budget_exceeded" });
    await first.release();
    await first.settle(0.9);
    const second = await reserve(day(1), 0.9);
    await second.settle(0.1);
    await second.settle(0.9);
    await second.release();
    await expect(reserve(day(1), 0.91)).rejects.toMatchObject({ code: "budget_exceeded" });
    await expect(reserve(day(1), 0.9)).resolves.toBeDefined();
  });

  test("an amount that is too large to be counted fits into no budget", async () => {
    const { reserve } = setup();
    for (const per of ["request", "day", "total"] as const)
      await expect(reserve({ usd: 1, per }, 1e15)).rejects.toMatchObject({ code: "budget_exceeded" });
    await expect(reserve(day(1), 1)).resolves.toBeDefined();
  });

  test("10,000 small amounts fill a budget exactly", async () => {
    const { reserve } = setup();
    for (let call = 0; call < 10_000; call++) await (await reserve(day(0.03), 0.000003)).settle(0.000003);
    await expect(reserve(day(0.03), 1e-9)).rejects.toMatchObject({ detail: expect.stringContaining("0 USD left") });
  });

  test("windows are calendar windows in UTC", async () => {
    expect(budgetWindow("hour", NOON)).toEqual({ name: "2026-11-23T12", resetsAt: Date.UTC(2026, 10, 23, 13) });
    expect(budgetWindow("day", NOON)).toEqual({ name: "2026-11-23", resetsAt: Date.UTC(2026, 10, 24) });
    expect(budgetWindow("month", Date.UTC(2026, 11, 31, 23, 59))).toEqual({
      name: "2026-12",
      resetsAt: Date.UTC(2027, 0, 1),
    });
    expect(budgetWindow("total", NOON)).toEqual({ name: "total" });

    const { clock, reserve } = setup();
    await (await reserve({ usd: 1, per: "hour" }, 1)).settle(1);
    await expect(reserve({ usd: 1, per: "hour" }, 0.1)).rejects.toMatchObject({ retryAfterMs: 30 * 60_000 });
    clock.advance(30 * 60_000);
    await expect(reserve({ usd: 1, per: "hour" }, 0.1)).resolves.toBeDefined();
  });

  test("a total never frees", async () => {
    const { clock, reserve } = setup();
    await (await reserve({ usd: 1, per: "total" }, 1)).settle(1);
    clock.advance(1e12);
    await expect(reserve({ usd: 1, per: "total" }, 0.1)).rejects.toMatchObject({ retryAfterMs: undefined });
  });

  test("all windows are reserved or none; the tighter of two limits over one counter decides", async () => {
    const { reserve } = setup();
    const both: Budget[] = [day(5), { usd: 1, per: "hour" }];
    await (await reserve(both, 0.9)).settle(0.9);
    await expect(reserve(both, 0.2)).rejects.toMatchObject({ detail: expect.stringContaining("hour budget of 1 USD") });
    await expect(reserve(day(5), 4.1)).resolves.toBeDefined();
    await expect(reserve([day(9), day(2), day(7)], 1.5, "bob")).resolves.toBeDefined();
    await expect(reserve([day(9), day(2)], 0.6, "bob")).rejects.toMatchObject({
      detail: expect.stringContaining("budget of 2 USD has 0.5 USD left"),
    });
  });

  test("subjects and keys have counters of their own; a budget's key wins", async () => {
    const { reserve } = setup();
    await (await reserve(day(1), 1, "ann")).settle(1);
    await expect(reserve(day(1), 1, "bob")).resolves.toBeDefined();
    await (await reserve(day(1, { key: "team:day" }), 1, "ann")).settle(1);
    await expect(reserve(day(1, { key: "team:day" }), 0.5, "bob")).rejects.toMatchObject({
      detail: expect.stringContaining("for team:day"),
    });
  });

  test("a budget that is raised or lowered while it counts holds from the next call on", async () => {
    const { reserve } = setup();
    const budget = day(1);
    const budgets = [budget];
    await reserve(budgets, 0.8);
    await expect(reserve(budgets, 0.8)).rejects.toMatchObject({ code: "budget_exceeded" });
    budget.usd = 2;
    await expect(reserve(budgets, 0.8)).resolves.toBeDefined();
    budget.usd = 1.5;
    await expect(reserve(budgets, 0.1)).rejects.toMatchObject({ detail: expect.stringContaining("budget of 1.5 USD") });
  });

  test("calls with the same list of budgets count as those with a list of their own", async () => {
    const lists: Budget[][] = [
      [day(1), { usd: 2, per: "month" }, { usd: 0.4, per: "request" }],
      [day(3), day(1.5), { usd: 4, per: "total", key: "team" }],
      [
        { usd: 0.6, per: "hour" },
        { usd: 9, per: "total", key: "team" },
      ],
    ];
    const call = fc.record({
      list: fc.nat(lists.length - 1),
      subject: fc.constantFrom("ann", "bob"),
      amountUsd: fc.integer({ min: 0, max: 5 }).map((tenths) => tenths / 10),
      // Clocks are set back, too.
      hours: fc.constantFrom(0, 0, 0, 1, -1, 12, 800),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(call, { maxLength: 40 }), async (calls) => {
        const kept = setup();
        const fresh = setup();
        const outcome = (asked: Promise<unknown>) =>
          asked.then(
            () => "passes",
            ({ detail, retryAfterMs }) => [detail, retryAfterMs],
          );
        for (const { list, subject, amountUsd, hours } of calls) {
          const budgets = lists[list] as Budget[];
          for (const { clock } of [kept, fresh]) clock.jump(hours * 3_600_000);
          const expected = await outcome(fresh.reserve([...budgets], amountUsd, subject));
          expect(await outcome(kept.reserve(budgets, amountUsd, subject))).toEqual(expected);
        }
      }),
    );
  });

  test("a request budget judges each call alone", async () => {
    const { reserve } = setup();
    for (let call = 0; call < 3; call++) await reserve({ usd: 0.1, per: "request" }, 0.1);
    await expect(reserve({ usd: 0.1, per: "request" }, 0.11)).rejects.toMatchObject({
      code: "budget_exceeded",
      hint: expect.stringContaining("maxTokens"),
    });
  });

  test("an unknown price is refused, or let through uncounted until it is told", async () => {
    const { reserve } = setup();
    await expect(reserve(day(1), undefined)).rejects.toMatchObject({
      detail: expect.stringContaining("no price is known"),
    });
    const open = day(1, { unknownPrice: "allow" });
    const call = await reserve(open, undefined);
    await call.settle(1.5);
    await expect(reserve(open, undefined)).rejects.toMatchObject({ code: "budget_exceeded" });
  });

  test("without a budget nothing is counted", async () => {
    const { reserve } = setup();
    const free = await reserve([], 1e9);
    await expect(Promise.all([free.settle(1), free.release()])).resolves.toHaveLength(2);
  });
});
