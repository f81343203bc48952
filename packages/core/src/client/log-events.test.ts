import { inspect } from "node:util";
import { expect, test } from "vitest";
import { ManualClock } from "../../test/manual-clock.js";
import { LLMClient, ProviderError } from "../index.js";
import { type ScriptedReplySource, scriptedProvider } from "../testing/index.js";

const usage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15, cost: 0.25 };
function loggedClient(...replies: ScriptedReplySource[]) {
  const lines: unknown[][] = [];
  const level =
    (name: string) =>
    (...line: unknown[]) =>
      void lines.push([name, ...line]);
  const logger = { debug: level("debug"), info: level("info"), warn: level("warn"), error: level("error") };
  const clock = new ManualClock();
  return {
    llm: new LLMClient({ provider: scriptedProvider({ replies, name: "openrouter" }), env: false, logger, clock }),
    lines,
    clock,
  };
}

test("the log has each answer with its tokens and cost, and neither prompt, answer nor user", async () => {
  const { llm, lines } = loggedClient({ text: "the answer", usage });
  await llm.scope({ user: "ada", metadata: { team: "x" } }).generate({ prompt: "the prompt" });
  expect(lines).toEqual([
    [
      "debug",
      "answered",
      {
        model: "scripted/model",
        generationId: "gen-scripted-1",
        promptTokens: 10,
        completionTokens: 5,
        usd: 0.25,
      },
    ],
  ]);
  expect(inspect(lines, { depth: 9 })).not.toMatch(/the answer|the prompt|ada|team/);
});

test("an attempt that is repeated is a warning there, a replaced model a line of information", async () => {
  const { llm, lines, clock } = loggedClient(new ProviderError("provider_overloaded", "busy"), { text: "x", usage });
  const running = llm.generate({ prompt: "x", model: "openai/gpt-4o:beta", retry: { baseDelayMs: 10 } });
  await clock.waiting(5);
  clock.advance(5);
  await running;
  expect(lines.map(([name, text]) => [name, text])).toEqual([
    ["info", expect.stringContaining(":beta")],
    ["warn", "an attempt failed and is repeated"],
    ["debug", "answered"],
  ]);
  expect(lines[1]?.[2]).toMatchObject({ attempt: 1, code: "provider_overloaded", model: "openai/gpt-4o" });
});

test("a logger with some of the methods, or with one that throws, disturbs no call", async () => {
  const provider = scriptedProvider([{ text: "", usage, finishReason: "stop" }]);
  const faults: unknown[] = [];
  const logger = {
    debug() {
      throw new RangeError("the disk is full");
    },
    error: (message: string, fields?: object) => void faults.push([message, fields]),
  };
  const result = await new LLMClient({ provider, env: false, logger }).generate({ prompt: "x" });
  expect([result.warnings.map(({ code }) => code), faults]).toEqual([
    ["empty_text"],
    [["a listener failed", { error: "RangeError" }]],
  ]);
});
