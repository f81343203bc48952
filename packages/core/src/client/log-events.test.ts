import { inspect } from "node:util";
import { expect, test } from "vitest";
import { ManualClock } from "../../test/manual-clock.js";
import { rejection } from "../../test/rejection.js";
import { jsonSchema, LLMClient, ProviderError, tool } from "../index.js";
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

test("the log tells of requests that waited, and of tools, also where they fail", async () => {
  const execute = ({ fails }: { fails?: boolean }) => {
    if (fails) throw new RangeError("the key is SECRET");
    return "seen";
  };
  const look = tool({ name: "look", parameters: jsonSchema<{ fails?: boolean }>({ type: "object" }), execute });
  const { llm, lines } = loggedClient(
    { toolCalls: [{ name: "look", arguments: {} }] },
    { toolCalls: [{ name: "look", arguments: { fails: true } }] },
    { text: "x", usage },
  );
  await llm.scope({ limits: { maxConcurrency: 1 } }).generate({ prompt: "x", tools: [look] });
  expect(ended(lines)).toEqual([
    expect.objectContaining({ finishReason: "tool_calls", limiterWaitMs: 0 }),
    { tool: "look", callId: expect.any(String), durationMs: 0 },
    expect.objectContaining({ finishReason: "tool_calls" }),
    { tool: "look", callId: expect.any(String), durationMs: 0, failed: true },
    expect.objectContaining({ finishReason: "stop" }),
  ]);
  expect(inspect(lines, { depth: 9 })).not.toContain("SECRET");
});

test("the log tells of requests that failed, were refused or were given up", async () => {
  const { llm, lines } = loggedClient(new ProviderError("invalid_request", "SECRET"), { text: "one two", usage });
  await rejection(llm.generate({ prompt: "x" }));
  await rejection(
    llm.scope({ budget: { usd: 0.000001, per: "day" } }).generate({ prompt: "x", model: "openai/gpt-4o" }),
  );
  for await (const _ of llm.stream({ prompt: "x" })) break;
  await llm.settled();
  expect(ended(lines)).toEqual([
    expect.objectContaining({ outcome: "failed", code: "invalid_request", attempts: 1 }),
    expect.objectContaining({ outcome: "refused", code: "budget_exceeded", attempts: 0 }),
    expect.objectContaining({ outcome: "aborted", code: "aborted", attempts: 1, firstTokenMs: 0 }),
  ]);
  expect(inspect(lines, { depth: 9 })).not.toContain("SECRET");
});

test("the log does not quote an answer that did not fit; the warning itself may", async () => {
  const { llm, lines } = loggedClient({ text: '{"town":"SECRET"}', usage }, { text: '{"town":"Lisbon"}', usage });
  const validate = (value: unknown) => {
    const { town } = value as { town: string };
    return town === "Lisbon" ? { value } : { issues: [{ message: `"${town}" is no town` }] };
  };
  const schema = { "~standard": { version: 1, vendor: "mine", validate, jsonSchema: { input: () => ({}) } } } as const;
  const heard: string[] = [];
  llm.on("warning", ({ message }) => void heard.push(message));
  await llm.generateStructured({ prompt: "x", schema });
  expect(heard.join()).toContain('"SECRET" is no town');
  expect(lines.map(([, text]) => text)).toContain("the answer did not fit the schema; the model was asked again");
  expect(inspect(lines, { depth: 9 })).not.toContain("SECRET");
});

const ended = (lines: unknown[][]) =>
  lines.flatMap(([, text, fields]) => (text === "a tool ran" || text === "a request ended" ? [fields] : []));
