import { inspect } from "node:util";
import { type DiagLogger, diag, metrics, trace } from "@opentelemetry/api";
import { describe, expect, onTestFinished, test } from "vitest";
import { openReports } from "../src/client/open-reports.js";
import { openWatcher } from "../src/client/open-watcher.js";
import { resolveClientOptions } from "../src/client/resolve-options.js";
import { LLMClient, tool, toolContent, userMessage } from "../src/index.js";
import { openTelemetry } from "../src/telemetry/open-telemetry.js";
import { ManualClock } from "./manual-clock.js";
import { scriptedClient } from "./scripted-client.js";
import { recordTelemetry } from "./telemetry-recorder.js";
import { completion, json, upstream } from "./upstream.js";

const KEY = "sk-or-v1-canary-0123456789";
const SECRETS = {
  key: KEY,
  header: "HEADER-CANARY",
  system: "SYSTEM-CANARY",
  prompt: "PROMPT-CANARY",
  args: "ARGS-CANARY",
  result: "RESULT-CANARY",
  answer: "ANSWER-CANARY",
};

/** A call with everything that must not be told, through a tool to an answer. */
async function runCanaries(recordContent: boolean | undefined) {
  const recorder = recordTelemetry();
  const { llm, requests } = await upstream(
    (_seen, response, count) => {
      const tool_calls = [
        { id: "c1", type: "function", function: { name: "look", arguments: JSON.stringify({ at: SECRETS.args }) } },
      ];
      const message = count === 1 ? { tool_calls, reasoning: "because" } : { content: SECRETS.answer };
      json(response, 200, {
        ...completion,
        choices: [{ index: 0, message, finish_reason: count === 1 ? "tool_calls" : "stop" }],
      });
    },
    { apiKey: KEY, telemetry: { ...recorder.telemetry, recordContent } },
  );
  const look = tool({ name: "look", parameters: { type: "object" }, execute: () => ({ seen: SECRETS.result }) });
  const image = { type: "image_url" as const, image_url: { url: `data:image/png;base64,${"QUJD".repeat(50)}` } };
  await llm.scope({ user: "grace", metadata: { team: "x" } }).generate({
    model: "openai/gpt-4o",
    system: SECRETS.system,
    messages: [userMessage([{ type: "text", text: `${SECRETS.prompt}, my key is ${KEY}` }, image])],
    stop: [SECRETS.prompt],
    headers: { "x-tenant": SECRETS.header },
    tools: [look],
  });
  expect(requests[0]?.headers).toMatchObject({ authorization: `Bearer ${KEY}`, "x-tenant": SECRETS.header });
  const told = inspect(await recorder.told(), { depth: 10, maxStringLength: null, maxArrayLength: null });
  const seen = Object.entries(SECRETS).flatMap(([name, secret]) => (told.includes(secret) ? [name] : []));
  return { ...recorder, told, seen };
}

describe("content", () => {
  test.each([undefined, false])("is on no span and no measurement with recordContent %s", async (recordContent) => {
    const { seen, told } = await runCanaries(recordContent);
    expect(seen).toEqual([]);
    expect(told).not.toMatch(/grace|team/);
  });

  test("is on the spans where it is asked for, and neither keys nor headers are", async () => {
    const { seen, told, spans, span } = await runCanaries(true);
    expect(seen).toEqual(["system", "prompt", "args", "result", "answer"]);
    expect(told).not.toContain("QUJDQUJD");
    const [first, second] = spans().filter(({ name }) => name.startsWith("chat"));
    const read = (value: unknown) => JSON.parse(String(value)) as unknown;
    expect(read(first?.attributes["gen_ai.output.messages"])).toEqual([
      {
        role: "assistant",
        finish_reason: "tool_calls",
        parts: [
          { type: "reasoning", content: "because" },
          { type: "tool_call", id: "c1", name: "look", arguments: { at: SECRETS.args } },
        ],
      },
    ]);
    expect(read(second?.attributes["gen_ai.input.messages"])).toEqual([
      { role: "system", parts: [{ type: "text", content: SECRETS.system }] },
      {
        role: "user",
        parts: [
          { type: "text", content: `${SECRETS.prompt}, my key is [redacted]` },
          { type: "image_url", left_out: expect.stringContaining("characters") },
        ],
      },
      expect.objectContaining({ role: "assistant" }),
      {
        role: "tool",
        parts: [{ type: "tool_call_response", id: "c1", response: JSON.stringify({ seen: SECRETS.result }) }],
      },
    ]);
    expect(read(second?.attributes["gen_ai.tool.definitions"])).toMatchObject([{ function: { name: "look" } }]);
    expect(span("execute_tool look").attributes).toMatchObject({
      "gen_ai.tool.call.arguments": JSON.stringify({ at: SECRETS.args }),
      "gen_ai.tool.call.result": JSON.stringify({ seen: SECRETS.result }),
    });
  });

  test("has no bytes of what a tool shows, nor of what is to be turned into vectors", async () => {
    const recorder = recordTelemetry();
    const telemetry = { ...recorder.telemetry, recordContent: true };
    const url = "data:image/png;base64,QUJDQUJD";
    const picture = { type: "image_url" as const, image_url: { url } };
    const sound = { type: "input_audio" as const, input_audio: { data: "U09VTkQ=", format: "wav" as const } };
    const file = { type: "file" as const, file: { filename: "a.pdf", file_data: "RklMRQ==" } };
    const shown = { type: "text" as const, text: `seen at https://example.com/a.png and ${url}.` };
    const give = (name: string, result: unknown) =>
      tool({ name, parameters: { type: "object" }, execute: () => result });
    const tools = [give("parts", toolContent([picture, sound, file, shown])), give("json", { nested: [{ url }] })];
    const { llm } = scriptedClient([{ toolCalls: tools.map(({ name }) => ({ name, arguments: {} })) }, "done"], {
      telemetry,
    });
    await llm.generate({ prompt: "x", tools });
    const vectors = await upstream((_seen, response) => json(response, 200, { data: [{ index: 0, embedding: [1] }] }), {
      telemetry,
    });
    await vectors.llm.embed({ model: "a/b", input: [{ content: [picture, sound, shown] }] });
    const told = JSON.stringify(await recorder.told());
    expect(told).not.toMatch(/QUJD|U09VTkQ|RklMRQ/);
    expect(told.match(/seen at https:\/\/example.com\/a.png and \[data left out\]\./g)).toHaveLength(3);
    expect(recorder.span("execute_tool json").attributes["gen_ai.tool.call.result"]).toBe(
      JSON.stringify({ nested: [{ url: "[data left out]" }] }),
    );
  });

  test("of a request for vectors is what is to be turned into them", async () => {
    const recorder = recordTelemetry();
    const { llm } = await upstream((_seen, response) => json(response, 200, { data: [{ index: 0, embedding: [1] }] }), {
      telemetry: { ...recorder.telemetry, recordContent: true },
    });
    await llm.embed({ model: "a/b", input: "the text" });
    expect(recorder.span("embeddings a/b").attributes["gen_ai.input.messages"]).toBe('"the text"');
  });
});

describe("without OpenTelemetry", () => {
  test("a client that does not ask for it has nothing that watches", () => {
    const resolved = resolveClientOptions({ apiKey: KEY, env: false });
    const watcher = openWatcher(resolved, "openrouter", undefined);
    expect(watcher).toBeUndefined();
    expect(openReports(resolved, watcher, {} as never)).toBeUndefined();
  });

  test("a call of a client that asks for it fails with how to install it, and is not sent", async () => {
    const missing = new Error("Cannot find package '@opentelemetry/api'");
    const facts = { provider: "openrouter", baseURL: undefined, clock: new ManualClock() };
    await expect(openTelemetry({}, facts, () => Promise.reject(missing))).rejects.toMatchObject({
      code: "invalid_config",
      detail: "`telemetry` needs the package @opentelemetry/api, which could not be loaded",
      hint: "npm install @opentelemetry/api",
      cause: missing,
    });
  });

  test("what is given as a provider has to be one", () => {
    const telemetry = { tracerProvider: {}, meterProvider: { getMeter: 1 } };
    expect(() => new LLMClient({ apiKey: KEY, env: false, telemetry })).toThrow(
      /telemetry\.tracerProvider.*getTracer.*telemetry\.meterProvider.*getMeter/s,
    );
  });
});

test("without providers of its own a client tells the global ones", async () => {
  const recorder = recordTelemetry();
  trace.setGlobalTracerProvider(recorder.telemetry.tracerProvider);
  metrics.setGlobalMeterProvider(recorder.telemetry.meterProvider);
  onTestFinished(() => {
    trace.disable();
    metrics.disable();
  });
  const { llm } = scriptedClient(["hi"], { telemetry: {} });
  await llm.generate({ prompt: "x" });
  expect(recorder.span("chat scripted/model").attributes).not.toHaveProperty("server.address");
  expect(Object.keys(await recorder.measured())).toContain("gen_ai.client.operation.duration");
});

test("an OpenTelemetry that fails costs nobody the answer; its own diagnostics hear of it", async () => {
  const heard: unknown[][] = [];
  const log = (...told: unknown[]) => void heard.push(told);
  const logger: DiagLogger = { error: log, warn: log, info: log, debug: log, verbose: log };
  diag.setLogger(logger, { suppressOverrideMessage: true });
  onTestFinished(() => diag.disable());
  const thrown = () => {
    throw new RangeError("full of secrets");
  };
  const broken = recordTelemetry();
  const real = broken.telemetry.tracerProvider.getTracer("x");
  const tracerProvider = {
    getTracer: () => ({
      startSpan: (...given: Parameters<typeof real.startSpan>) =>
        Object.assign(real.startSpan(...given), { setAttributes: thrown, addEvent: thrown, end: thrown }),
    }),
  };
  const instrument = () => ({ add: thrown, record: thrown });
  const meterProvider = {
    getMeter: () => ({ createHistogram: instrument, createCounter: instrument, createUpDownCounter: instrument }),
  };
  const { llm } = scriptedClient(["hi", { toolCalls: [{ name: "look", arguments: {} }] }, "done"], {
    telemetry: { tracerProvider, meterProvider },
  });
  expect((await llm.generate({ prompt: "x" })).text).toBe("hi");
  const look = tool({ name: "look", parameters: { type: "object" }, execute: () => "seen" });
  expect((await llm.generate({ prompt: "x", tools: [look] })).text).toBe("done");
  expect(heard.length).toBeGreaterThan(0);
  expect(new Set(heard.map((told) => told.join(" ")))).toEqual(
    new Set(["signalbox: a span or a measurement was lost RangeError"]),
  );
});

test("a tracer that cannot even begin a span costs nobody the answer", async () => {
  const getTracer = () => ({
    startSpan() {
      throw new RangeError("closed");
    },
  });
  const look = tool({ name: "look", parameters: { type: "object" }, execute: () => "seen" });
  const { llm } = scriptedClient([{ toolCalls: [{ name: "look", arguments: {} }] }, "done"], {
    telemetry: { tracerProvider: { getTracer } },
  });
  expect((await llm.generate({ prompt: "x", tools: [look] })).text).toBe("done");
});
