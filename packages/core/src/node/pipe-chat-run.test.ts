import { describe, expect, onTestFinished, test } from "vitest";
import { AnswerServer } from "../../test/answer-server.js";
import { dictatedRun, settled } from "../../test/chat-runs.js";
import { ManualClock } from "../../test/manual-clock.js";
import { sampleResult } from "../../test/scripted-source.js";
import { TWO_STEPS, writeAnswer } from "../../test/written-answer.js";
import { followChatRun } from "../chat-runs/follow-chat-run.js";
import { createError } from "../errors/error-classes.js";
import { createFormat, STREAM_FORMATS } from "./create-format.js";
import { type PipeOutcome, pipeStream } from "./pipe-stream.js";
import type { StreamFormat } from "./wire-format.js";

/** A run that has told all of `TWO_STEPS`, an event at a time, and then ended as `end` says. */
async function toldRun(end: (source: ReturnType<typeof dictatedRun>["source"]) => void) {
  const { run, source, store, clock } = dictatedRun();
  run.result.catch(() => {});
  await run.kept;
  for (const event of TWO_STEPS) {
    source.push(event);
    await settled();
  }
  end(source);
  await run.settled;
  const kept = await store.read(run.runId, 0);
  return { run, store, clock, kept, last: kept.length };
}

/** Serves the run from a position, and reads the answer. */
async function answered(
  { run, store }: { run: { runId: string }; store: Parameters<typeof followChatRun>[0] },
  format: StreamFormat,
  after?: number,
) {
  let outcome: PipeOutcome<unknown> | undefined;
  const server = await AnswerServer.start(async (_req, res) => {
    const events = followChatRun(store, run.runId, { after, clock: new ManualClock() });
    outcome = await pipeStream(events, res, { format });
    return outcome as PipeOutcome;
  });
  onTestFinished(() => server[Symbol.asyncDispose]());
  const response = await fetch(server.url);
  const text = await response.text();
  return { response, text, outcome };
}

/** The answer without the numbers of its events. */
const plain = (text: string) => text.replaceAll(/^id: \d+\n/gm, "").replaceAll(/^\{"seq":\d+,/gm, "{");
/** What has been read when event `seq` has been read whole. */
const upTo = (text: string, seq: number): string => {
  const at = text.search(new RegExp(`^id: ${seq}\n|^\\{"seq":${seq},`, "m"));
  const end = text.startsWith("{") ? text.indexOf("\n", at) + 1 : text.indexOf("\n\n", at) + 2;
  return at < 0 ? "" : text.slice(0, end);
};

describe.each(STREAM_FORMATS)("a finished run in %s", (format) => {
  test("is the answer that a stream of the same events gives", async () => {
    const told = await toldRun((source) => source.finish());
    const { text, response, outcome } = await answered(told, format);
    const clock = { date: () => Date.parse(told.kept[0]?.timestamp ?? "") };
    const options = { clock, messageId: told.run.runId };
    const merged = told.kept.slice(0, -1).map(({ data }) => data);
    expect(plain(text)).toBe(writeAnswer(createFormat(format, options), merged as typeof TWO_STEPS, sampleResult()));
    expect(response.headers.get("content-type")).toBe(createFormat(format, options).contentType);
    expect(outcome).toMatchObject({ outcome: "finished", result: { text: "Hello world" } });
  });

  test("goes on behind every position with exactly what was left to say", async () => {
    const told = await toldRun((source) => source.finish());
    const { text: whole } = await answered(told, format);
    for (let after = 1; after <= told.last; after++) {
      const { text } = await answered(told, format, after);
      const numbers = (part: string) =>
        (part.match(/^id: \d+$|^\{"seq":\d+/gm) ?? []).map((id) => Number(/\d+/.exec(id)));
      expect(numbers(text).every((seq) => seq > after)).toBe(true);
      if (format === "text") expect(whole.endsWith(text)).toBe(true);
      // An event that this format has no place for has no number in it either.
      else if (numbers(whole).includes(after)) expect(upTo(whole, after) + text).toBe(whole);
    }
  });

  test("has nothing more to say behind its end", async () => {
    const told = await toldRun((source) => source.finish());
    const { text } = await answered(told, format, told.last + 7);
    expect(text).toBe(["ndjson", "text"].includes(format) ? "" : "data: [DONE]\n\n");
  });
});

test.each(["events", "ndjson"] as const)("in %s every event has its number, none is missing", async (format) => {
  const told = await toldRun((source) => source.finish());
  const { text } = await answered(told, format);
  const numbers = (text.match(/^id: \d+$|^\{"seq":\d+/gm) ?? []).map((id) => Number(/\d+/.exec(id)));
  expect(numbers).toEqual(Array.from({ length: told.last }, (_, index) => index + 1));
});

describe("a run that has failed", () => {
  const failure = createError("rate_limit", "slow down", { retryAfterMs: 2_000 });

  test.each([
    ["events", 'event: error\ndata: {"type":"error","error":{"code":"rate_limit"'],
    ["ndjson", '{"type":"error","error":{"code":"rate_limit"'],
    ["openai", 'data: {"error":{"code":"rate_limit"'],
    ["ui-message", 'data: {"type":"error","errorText":"slow down"}'],
  ] as const)("is an answer that ends with its error in %s, from any position", async (format, words) => {
    const told = await toldRun((source) => source.fail(failure));
    for (const after of [undefined, 3, told.last, told.last + 5]) {
      const { response, text, outcome } = await answered(told, format, after);
      expect([response.status, text.split(words).length]).toEqual([200, 2]);
      expect(text).not.toContain('"finish"');
      expect(outcome).toMatchObject({ outcome: "failed", error: { code: "rate_limit", retryAfterMs: 2_000 } });
    }
  });

  test("before its first word is told all the same: following it has not failed", async () => {
    const { run, source, store } = dictatedRun();
    source.fail(failure);
    await run.settled;
    const { response, text } = await answered({ run, store }, "events");
    expect([response.status, text]).toEqual([200, expect.stringContaining('"code":"rate_limit"')]);
  });

  test("breaks off a text, which has no place for an error", async () => {
    const told = await toldRun((source) => source.fail(failure));
    await expect(answered(told, "text")).rejects.toThrow(/terminated|fetch failed/);
  });
});

test("the starter's failure before the first event rejects and leaves the response to others", async () => {
  const { run, source } = dictatedRun();
  const server = await AnswerServer.start(async (_req, res) => {
    try {
      return await pipeStream(run, res);
    } catch (error) {
      res.writeHead(429).end((error as Error).message);
      return { outcome: "failed", error };
    }
  });
  onTestFinished(() => server[Symbol.asyncDispose]());
  source.fail(createError("rate_limit", "slow down"));
  const response = await fetch(server.url);
  expect([response.status, await response.text()]).toEqual([429, "slow down"]);
});

test("a client that leaves ends its reading, and nothing else", async () => {
  const { run, source } = dictatedRun();
  const server = await AnswerServer.start((_req, res) => pipeStream(run, res));
  onTestFinished(() => server[Symbol.asyncDispose]());
  const leave = new AbortController();
  source.text("Hello");
  const response = await fetch(server.url, { signal: leave.signal });
  await response.body?.getReader().read();
  leave.abort();
  expect(await server.handled[0]).toMatchObject({ outcome: "disconnected" });
  expect(source.abortedWith).toBeUndefined();
  source.finish();
  expect(await run.result).toMatchObject({ text: "Hello world" });
});
