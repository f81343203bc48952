import { SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { describe, expect, test } from "vitest";
import { tool } from "../src/index.js";
import { rejection } from "./rejection.js";
import type { recordTelemetry } from "./telemetry-recorder.js";
import { finish, MODEL, traced, whole, withActiveSpans } from "./traced-upstream.js";
import { type Answer, events, json, textChunk } from "./upstream.js";

withActiveSpans();

describe("spans hang together", () => {
  const look = (execute: () => unknown) => tool({ name: "look", parameters: { type: "object" }, execute });
  const asksTool: Answer = (_seen, response) => {
    const tool_calls = [{ id: "c1", type: "function", function: { name: "look", arguments: '{"at":"SECRET"}' } }];
    return json(response, 200, { choices: [{ index: 0, message: { tool_calls }, finish_reason: "tool_calls" }] });
  };
  const parentOf = (span: ReturnType<ReturnType<typeof recordTelemetry>["span"]>) => span.parentSpanContext?.spanId;
  const idOf = (span: ReturnType<ReturnType<typeof recordTelemetry>["span"]>) => span.spanContext().spanId;

  test("a request hangs under the span that was active when it was made, whoever reads it", async () => {
    const { llm, tracerProvider, span } = await traced((_seen, response) => {
      events(response, textChunk("a"), finish, "data: [DONE]\n\n");
      response.end();
    });
    const tracer = tracerProvider.getTracer("test");
    const stream = tracer.startActiveSpan("mine", (mine) => {
      const asked = llm.stream({ model: MODEL, prompt: "x" });
      mine.end();
      return asked;
    });
    await tracer.startActiveSpan("reader", async (reader) => {
      await stream.result;
      reader.end();
    });
    expect(parentOf(span(`chat ${MODEL}`))).toBe(idOf(span("mine")));
  });

  test("the requests and tools of a call hang under one span; what a tool does hangs under the tool's", async () => {
    const { llm, tracerProvider, span, spans, whom, measured, clock } = await traced((seen, response, count) =>
      count === 1 ? asksTool(seen, response, count) : whole(seen, response, count),
    );
    const tracer = tracerProvider.getTracer("test");
    const nested = look(async () => {
      clock.advance(250);
      tracer.startSpan("inside").end();
      return "seen";
    });
    await tracer.startActiveSpan("mine", async (mine) => {
      await llm.generate({ model: MODEL, prompt: "x", tools: [nested] });
      mine.end();
    });
    const [agent, ran] = [span("invoke_agent"), span("execute_tool look")];
    expect(parentOf(agent)).toBe(idOf(span("mine")));
    expect(agent.attributes).toEqual({
      ...whom,
      "gen_ai.operation.name": "invoke_agent",
      "gen_ai.request.model": MODEL,
    });
    const chats = spans().filter(({ name }) => name === `chat ${MODEL}`);
    expect([...chats, ran].map(parentOf)).toEqual(Array(3).fill(idOf(agent)));
    expect(parentOf(span("inside"))).toBe(idOf(ran));
    expect([ran.kind, agent.kind]).toEqual([SpanKind.INTERNAL, SpanKind.INTERNAL]);
    expect(ran.attributes).toEqual({
      "gen_ai.operation.name": "execute_tool",
      "gen_ai.tool.name": "look",
      "gen_ai.tool.call.id": "c1",
      "gen_ai.tool.type": "function",
    });
    const { "gen_ai.execute_tool.duration": tools } = await measured();
    expect(tools).toEqual([
      {
        attributes: { "gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "look" },
        value: { count: 1, sum: 0.25 },
      },
    ]);
  });

  test("a tool that fails fails its span under the error's name, and the call's where it ends the call", async () => {
    const { llm, span, told } = await traced(asksTool);
    const failing = look(() => {
      throw new RangeError("SECRET");
    });
    await rejection(llm.generate({ model: MODEL, prompt: "x", tools: [failing], onToolError: "throw" }));
    expect(span("execute_tool look").status).toEqual({ code: SpanStatusCode.ERROR, message: "RangeError" });
    expect(span("invoke_agent").status).toEqual({ code: SpanStatusCode.ERROR, message: "tool" });
    expect(JSON.stringify(await told())).not.toContain("SECRET");
  });

  test.each(["signal", "abort()"] as const)(
    "a tool that ends as its caller leaves by %s has not failed",
    async (how) => {
      const { llm, span, measured } = await traced((seen, response) => {
        if (seen.body.stream !== true) return asksTool(seen, response, 1);
        const tool_calls = [{ index: 0, id: "c1", type: "function", function: { name: "look", arguments: "{}" } }];
        events(response, { choices: [{ index: 0, delta: { tool_calls }, finish_reason: "tool_calls" }] });
        events(response, "data: [DONE]\n\n");
        return response.end();
      });
      const running = Promise.withResolvers<void>();
      const hangs = look(() => {
        running.resolve();
        return new Promise(() => {});
      });
      const caller = new AbortController();
      const asked = { model: MODEL, prompt: "x", tools: [hangs], signal: caller.signal };
      const stream = how === "signal" ? undefined : llm.stream(asked);
      const failing = rejection(stream?.result ?? llm.generate(asked));
      await running.promise;
      if (stream === undefined) caller.abort(new TypeError("gone"));
      else stream.abort("gone");
      expect((await failing).code).toBe("aborted");
      for (const name of ["execute_tool look", "invoke_agent"]) {
        const { status, attributes } = span(name);
        expect([name, status.code, attributes["error.type"]]).toEqual([name, SpanStatusCode.UNSET, undefined]);
      }
      const { "gen_ai.execute_tool.duration": tools } = await measured();
      expect(tools?.map(({ attributes }) => attributes["error.type"])).toEqual([undefined]);
    },
  );

  test("a tool that the time of its call ends has failed with it", async () => {
    const { llm, clock, span } = await traced(asksTool);
    const running = Promise.withResolvers<void>();
    const hangs = look(() => {
      running.resolve();
      return new Promise(() => {});
    });
    const asked = { model: MODEL, prompt: "x", tools: [hangs], timeouts: { totalMs: 5_000 } };
    const failing = rejection(llm.generate(asked));
    await running.promise;
    clock.advance(5_000);
    expect((await failing).code).toBe("timeout");
    expect(span("execute_tool look").status).toEqual({ code: SpanStatusCode.ERROR, message: "timeout" });
  });

  test("what the transport does belongs to the request", async () => {
    let active: string | undefined;
    const { llm, span } = await traced(whole, {
      fetch: (...asked: Parameters<typeof fetch>) => {
        active = trace.getActiveSpan()?.spanContext().spanId;
        return fetch(...asked);
      },
    });
    await llm.generate({ model: MODEL, prompt: "x" });
    expect(active).toBe(idOf(span(`chat ${MODEL}`)));
  });
});
