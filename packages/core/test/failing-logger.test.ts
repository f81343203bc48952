import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Logger } from "../src/index.js";
import { rejection } from "./rejection.js";
import { scriptedClient, turnOfTheLoop } from "./scripted-client.js";
import { completion, json, upstream } from "./upstream.js";

const unhandled: unknown[] = [];
const warnings: string[] = [];
const onUnhandled = (reason: unknown) => void unhandled.push(reason);
const onWarning = ({ message }: Error) => void warnings.push(message);
beforeEach(() => {
  unhandled.length = 0;
  warnings.length = 0;
  process.on("unhandledRejection", onUnhandled).on("warning", onWarning);
});
afterEach(() => {
  process.off("unhandledRejection", onUnhandled).off("warning", onWarning);
});

const thrown = () => {
  throw new RangeError("the log is full of sk-or-v1-canary");
};
const rejected = async () => thrown();
const LOGGERS: [string, Logger][] = [
  ["throws", { debug: thrown, info: thrown, warn: thrown, error: thrown }],
  ["rejects", { debug: rejected, info: rejected, warn: rejected, error: rejected }],
];

describe.each(LOGGERS)("a logger that %s reaches neither a call nor the process", (_how, logger) => {
  const quiet = async () => {
    for (let turn = 0; turn < 3; turn++) await turnOfTheLoop();
    return unhandled;
  };

  test("on an answer, with a listener that throws", async () => {
    const { llm } = scriptedClient(["x"], { logger });
    llm.on("usage", thrown);
    llm.on("usage", rejected);
    expect((await llm.generate({ prompt: "x" })).text).toBe("x");
    expect(await quiet()).toEqual([]);
  });

  test("on work in the background that fails", async () => {
    const { llm } = await upstream(
      (_seen, response) => json(response, 429, { error: { code: 429 } }, { "retry-after": "30" }),
      {
        logger,
        retry: false,
        limits: { requestsPerMinute: 5 },
        limitStore: { take: async () => ({ ok: true }), block: rejected },
      },
    );
    expect((await rejection(llm.generate({ prompt: "x", model: "a/b" }))).code).toBe("rate_limit");
    await llm.settled();
    expect(await quiet()).toEqual([]);
  });

  test("on a refresh that fails, after which the next one comes all the same", async () => {
    const { clock, requests } = await upstream((_seen, response) => json(response, 500, { error: {} }), {
      logger,
      models: { refreshMs: 1_000 },
    });
    for (const count of [1, 2]) {
      await clock.waiting(1_000);
      clock.advance(1_000);
      await expect.poll(() => requests.length).toBe(count);
    }
    expect(await quiet()).toEqual([]);
  });

  test("on a retry and on a warning; the process hears of it once, without a word of the log", async () => {
    const { llm, clock } = await upstream(
      (_seen, response, count) =>
        json(response, count % 2 === 1 ? 503 : 200, count % 2 === 1 ? { error: {} } : completion),
      { logger },
    );
    for (let call = 0; call < 2; call++) {
      const work = llm.generate({ prompt: "x", model: "openai/gpt-4o:beta" });
      await clock.waiting(250);
      clock.advance(250);
      expect((await work).text).toBe("hi");
    }
    expect(await quiet()).toEqual([]);
    expect(warnings).toEqual(["the logger of a client failed: RangeError"]);
  });
});

test("a logger keeps its own `this`, and may have some of its functions only", async () => {
  class Lines implements Logger {
    readonly lines: string[] = [];
    error(message: string): void {
      this.lines.push(message);
    }
  }
  const logger = new Lines();
  const { llm } = scriptedClient(["x"], { logger });
  llm.on("usage", thrown);
  await llm.generate({ prompt: "x" });
  expect(logger.lines).toEqual(["a listener failed"]);
});
