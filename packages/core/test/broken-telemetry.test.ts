import { type Context, type ContextManager, context, ROOT_CONTEXT } from "@opentelemetry/api";
import { describe, expect, onTestFinished, test } from "vitest";
import { tool } from "../src/index.js";
import { scriptedClient } from "./scripted-client.js";
import { recordTelemetry } from "./telemetry-recorder.js";

const thrown = (): never => {
  throw new RangeError("broken");
};

/** A call through a tool to an answer, which is logged as well. */
async function callWithTool(telemetry: object, result: unknown = "seen") {
  const lines: string[] = [];
  let runs = 0;
  const execute = () => {
    runs += 1;
    return result;
  };
  const look = tool({ name: "look", parameters: { type: "object" }, execute });
  const { llm, provider } = scriptedClient([{ toolCalls: [{ name: "look", arguments: {} }] }, "done"], {
    telemetry: { recordContent: true, ...telemetry },
    logger: { debug: (message) => void lines.push(message) },
  });
  const { text } = await llm.generate({ prompt: "x", tools: [look] });
  return {
    text,
    runs,
    sent: provider.requests.length,
    logged: lines.filter((line) => /tool ran|request ended/.test(line)),
  };
}

const WHOLE = { text: "done", runs: 1, sent: 2, logged: ["a request ended", "a tool ran", "a request ended"] };

/** An OpenTelemetry whose spans do `instead` of what a span does. */
function spansThat(instead: object) {
  const recorder = recordTelemetry();
  const real = recorder.telemetry.tracerProvider.getTracer("x");
  const startSpan = (...given: Parameters<typeof real.startSpan>) => Object.assign(real.startSpan(...given), instead);
  return { ...recorder.telemetry, tracerProvider: { getTracer: () => ({ startSpan }) } };
}

describe("the call is as it would be, and the log hears of it, with", () => {
  test.each<[string, () => object]>([
    ["a tracer provider that throws", () => ({ tracerProvider: { getTracer: thrown } })],
    ["a meter provider that throws", () => ({ meterProvider: { getMeter: thrown } })],
    [
      "a meter that cannot make instruments",
      () => ({ meterProvider: { getMeter: () => ({ createHistogram: thrown }) } }),
    ],
    ["a span that cannot say whether it records", () => spansThat({ isRecording: thrown })],
    ["a span that takes no attributes", () => spansThat({ setAttribute: thrown, setAttributes: thrown })],
    ["a span that cannot end", () => spansThat({ end: thrown })],
    ["a tracer that gives no span", () => ({ tracerProvider: { getTracer: () => ({ startSpan: () => undefined }) } })],
  ])("%s", async (_what, telemetry) => {
    expect(await callWithTool(telemetry())).toEqual(WHOLE);
  });

  type With = (within: Context, work: () => unknown) => unknown;
  test.each<[string, () => Context, With]>([
    ["does not know what is active", thrown, (_within, work) => work()],
    ["cannot make a context active", () => ROOT_CONTEXT, thrown],
    [
      "fails once the work is done",
      () => ROOT_CONTEXT,
      (_within, work) => {
        work();
        return thrown();
      },
    ],
  ])("a context manager that %s", async (_what, active, withContext) => {
    const manager = { active, with: withContext, bind: (_: unknown, target: unknown) => target } as ContextManager;
    Object.assign(manager, { enable: () => manager, disable: () => manager });
    context.setGlobalContextManager(manager);
    onTestFinished(() => context.disable());
    expect(await callWithTool({})).toEqual(WHOLE);
  });
});

test("the failure of what runs within a context is told as it is, and it ran once", async () => {
  const { telemetry } = recordTelemetry();
  let runs = 0;
  const execute = () => {
    runs += 1;
    throw new TypeError("the tool's own");
  };
  const look = tool({ name: "look", parameters: { type: "object" }, execute });
  const { llm } = scriptedClient([{ toolCalls: [{ name: "look", arguments: {} }] }], { telemetry });
  await expect(llm.generate({ prompt: "x", tools: [look], onToolError: "throw" })).rejects.toMatchObject({
    code: "tool",
    cause: expect.any(TypeError),
  });
  expect(runs).toBe(1);
});

test("a log that throws takes no span away", async () => {
  const { telemetry, spans } = recordTelemetry();
  const { llm } = scriptedClient(["hi"], { telemetry, logger: { debug: thrown, error: () => undefined } });
  expect((await llm.generate({ prompt: "x" })).text).toBe("hi");
  expect(spans().map(({ name }) => name)).toEqual(["chat scripted/model"]);
});

const circular: Record<string, unknown> = {};
circular.self = circular;

describe("the span of a tool ends", () => {
  test.each([
    ["a BigInt", { many: 10n }],
    ["a circle", circular],
  ])("where its result is %s, which JSON cannot hold", async (_what, result) => {
    const { telemetry, span } = recordTelemetry();
    await callWithTool(telemetry, result);
    const { attributes } = span("execute_tool look");
    expect(attributes["gen_ai.tool.call.arguments"]).toBe("{}");
    expect(attributes).not.toHaveProperty("gen_ai.tool.call.result");
  });

  test("where its measurement is lost", async () => {
    const { telemetry, span } = recordTelemetry();
    const instrument = () => ({ add: thrown, record: thrown });
    const meter = { createHistogram: instrument, createCounter: instrument, createUpDownCounter: instrument };
    await callWithTool({ ...telemetry, meterProvider: { getMeter: () => meter } });
    expect(span("execute_tool look").ended).toBe(true);
    expect(span("invoke_agent").ended).toBe(true);
  });
});
