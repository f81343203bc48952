import { describe, expect, test } from "vitest";
import type { BudgetStore, Ledger, LimitAnswer, LimitStore, ReserveAnswer } from "../src/index.js";
import { roomy } from "./budget-log.js";
import { rejection } from "./rejection.js";
import { completion, json, upstream } from "./upstream.js";

const prompt = "x";
const model = "openai/gpt-4o";

/** Stores and a ledger that write down what they are asked, and answer when they are told to. */
function watchedStores() {
  const log: string[] = [];
  const [reserved, taken] = [Promise.withResolvers<ReserveAnswer>(), Promise.withResolvers<LimitAnswer>()];
  const [reserving, taking] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let id = "";
  const budgetStore: BudgetStore = {
    reserve(_entries, given) {
      id = given;
      log.push("reserve");
      reserving.resolve();
      return reserved.promise;
    },
    sent: (given) => void log.push(given === id ? "sent" : "sent another"),
    settle: async (_id, usd) => void log.push(`settle ${usd}`),
    release: async () => void log.push("release"),
  };
  const limitStore: LimitStore = {
    take() {
      log.push("take");
      taking.resolve();
      return taken.promise;
    },
  };
  const ledger: Ledger = {
    begin: async (intent) => void log.push(intent.id === id ? "intent" : "another intent"),
    finish: async ({ outcome, usd }) => void log.push(`record ${outcome} ${usd}`),
  };
  const options = { model, budget: roomy, limits: { requestsPerMinute: 60 }, budgetStore, limitStore, ledger };
  return { log, options, reserved, taken, asked: Promise.all([reserving.promise, taking.promise]) };
}

describe("before a request is sent", () => {
  test("limit and budget are asked at once, then the ledger, then the store is told; then it goes out", async () => {
    const { log, options, reserved, taken, asked } = watchedStores();
    const { llm } = await upstream((_seen, response) => {
      log.push("request");
      json(response, 200, completion);
    }, options);
    const work = llm.generate({ prompt });
    await asked;
    expect(log).toEqual(["reserve", "take"]);
    taken.resolve({ ok: true });
    reserved.resolve({ ok: true });
    await work;
    await llm.settled();
    expect(log).toEqual(["reserve", "take", "intent", "sent", "request", "record answered 0.25", "settle 0.25"]);
  });

  test("a budget that refuses ends the waiting for a place; nothing is sent, the record says so", async () => {
    const { log, options, reserved, taken, asked } = watchedStores();
    const { llm, requests } = await upstream((_seen, response) => json(response, 200, completion), options);
    const work = rejection(llm.generate({ prompt }));
    await asked;
    taken.resolve({ ok: false, counter: "requests", retryAfterMs: 5_000 });
    reserved.resolve({ ok: false, counter: "day", limitUsd: 1, usedUsd: 1 });
    expect((await work).code).toBe("budget_exceeded");
    await llm.settled();
    expect([log, requests.length]).toEqual([["reserve", "take", "record refused 0"], 0]);
  });

  test("a limit that refuses gives the money back", async () => {
    const { log, options, reserved, taken } = watchedStores();
    const { llm, requests } = await upstream((_seen, response) => json(response, 200, completion), {
      ...options,
      limits: { requestsPerMinute: 60, onLimit: "reject" },
    });
    reserved.resolve({ ok: true });
    taken.resolve({ ok: false, counter: "requests", retryAfterMs: 5_000 });
    expect((await rejection(llm.generate({ prompt }))).code).toBe("rate_limit");
    await llm.settled();
    expect([log, requests.length]).toEqual([["reserve", "take", "record refused 0", "release"], 0]);
  });

  test("a caller who leaves while both are asked is let go at once; what comes late is given back", async () => {
    const { log, options, reserved, taken, asked } = watchedStores();
    const { llm, requests } = await upstream((_seen, response) => json(response, 200, completion), options);
    const leaving = new AbortController();
    const work = rejection(llm.generate({ prompt, signal: leaving.signal }));
    await asked;
    leaving.abort();
    expect((await work).code).toBe("aborted");
    taken.resolve({ ok: true });
    reserved.resolve({ ok: true });
    await llm.settled();
    expect([log, requests.length]).toEqual([["reserve", "take", "record aborted 0", "release"], 0]);
  });

  test("a ledger that fails keeps the request back, says whose fault it is, and shows nothing of its own", async () => {
    const { log, options, reserved, taken } = watchedStores();
    const down = () => Promise.reject(new RangeError("postgres://user:hunter2@db is down"));
    const finished: string[] = [];
    const finish: Ledger["finish"] = async ({ outcome }) => void finished.push(outcome);
    const { llm, requests } = await upstream((_seen, response) => json(response, 200, completion), {
      ...options,
      ledger: { begin: down, finish },
    });
    reserved.resolve({ ok: true });
    taken.resolve({ ok: true });
    const error = await rejection(llm.generate({ prompt }));
    await llm.settled();
    expect(error).toMatchObject({
      code: "provider_error",
      detail: "the ledger failed, and the call was not sent: RangeError",
      retryable: true,
    });
    expect([log.at(-1), requests.length, finished]).toEqual(["release", 0, ["refused"]]);
    expect(JSON.stringify(error)).not.toContain("hunter2");
  });

  test("a ledger that fails behind the answer is told, and loses nobody the answer", async () => {
    const { options, reserved, taken } = watchedStores();
    const warned: string[] = [];
    const { llm } = await upstream((_seen, response) => json(response, 200, completion), {
      ...options,
      ledger: { begin: async () => {}, finish: () => Promise.reject(new RangeError("postgres://user:hunter2@db")) },
    });
    llm.on("warning", ({ code, message }) => warned.push(`${code}: ${message}`));
    reserved.resolve({ ok: true });
    taken.resolve({ ok: true });
    expect((await llm.generate({ prompt })).text).toBe("hi");
    await llm.settled();
    expect(warned).toEqual(["ledger: the ledger failed after the call: RangeError"]);
  });
});
