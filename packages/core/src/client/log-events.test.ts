import { inspect } from "node:util";
import { expect, test } from "vitest";
import { ManualClock } from "../../test/manual-clock.js";
import { LLMClient, ProviderError, tool } from "../index.js";
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
  await llm.scope({ user: "grace", metadata: { team: "x" } }).generate({ prompt: "the prompt" });
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
    [
      "debug",
      "a request ended",
      {
        requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        operation: "chat",
        provider: "openrouter",
        model: "scripted/model",
        outcome: "answered",
        attempts: 1,
        latencyMs: 0,
        answeredBy: "scripted/model",
        servedBy: "Scripted",
        generationId: "gen-scripted-1",
        finishReason: "stop",
      },
    ],
  ]);
  expect(inspect(lines, { depth: 9 })).not.toMatch(/the answer|the prompt|grace|team/);
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
    ["debug", "a request ended"],
  ]);
  expect(lines[1]?.[2]).toMatchObject({ attempt: 1, code: "provider_overloaded", model: "openai/gpt-4o" });
  expect(lines[3]?.[2]).toMatchObject({ attempts: 2, latencyMs: 5, outcome: "answered" });
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
    [
      ["a listener failed", { error: "RangeError" }],
      ["a listener failed", { error: "RangeError" }],
    ],
  ]);
});

test("the log tells of requests that failed, waited or were given up, and of tools", async () => {
  const look = tool({ name: "look", parameters: { type: "object" }, execute: () => "seen" });
  const { llm, lines } = loggedClient({ toolCalls: [{ name: "look", arguments: {} }] }, { text: "x", usage });
  await llm.scope({ limits: { maxConcurrency: 1 } }).generate({ prompt: "x", tools: [look] });
  const told = lines.flatMap(([, text, fields]) =>
    text === "a tool ran" || text === "a request ended" ? [fields] : [],
  );
  expect(told).toEqual([
    expect.objectContaining({ finishReason: "tool_calls", limiterWaitMs: 0 }),
    { tool: "look", callId: expect.any(String), durationMs: 0 },
    expect.objectContaining({ finishReason: "stop" }),
  ]);
});
