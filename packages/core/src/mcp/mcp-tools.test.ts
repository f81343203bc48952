import { describe, expect, test } from "vitest";
import { type Call, mcpServer, noArguments } from "../../test/mcp-server.js";
import { rejection } from "../../test/rejection.js";
import { scriptedClient } from "../../test/scripted-client.js";
import type { StreamEvent } from "../generate/stream-event.js";
import type { ScriptedReplySource } from "../testing/index.js";
import type { McpToolsOptions } from "./mcp-tools.js";
import { mcpTools } from "./mcp-tools.js";

const calling = (name: string, args: unknown = {}): ScriptedReplySource => ({
  toolCalls: [{ name, arguments: args, id: "c1" }],
});
const weather = {
  name: "weather",
  description: "Weather of a city",
  inputSchema: {
    type: "object",
    properties: { city: { type: "string", minLength: 2 }, days: { type: "integer", maximum: 7 } },
    required: ["city"],
    additionalProperties: false,
  },
} as const;

describe("the list", () => {
  test("every page is read; name, description and schema go out as the server wrote them", async () => {
    const { client, cursors } = await mcpServer([
      [weather],
      [{ name: "files/read", inputSchema: noArguments }],
      [{ name: "last", inputSchema: noArguments }],
    ]);
    const tools = await mcpTools(client);
    expect([tools.map(({ name }) => name), cursors]).toEqual([
      ["weather", "files_read", "last"],
      [undefined, "1", "2"],
    ]);
    const { llm, provider } = scriptedClient(["fine"]);
    await llm.generate({ prompt: "go", tools });
    expect(provider.requests[0]?.tools?.[0]).toEqual({
      type: "function",
      function: { name: "weather", description: "Weather of a city", parameters: weather.inputSchema },
    });
  });

  test("a prefix keeps two servers apart, a filter leaves tools out", async () => {
    const { client } = await mcpServer([[weather, { name: "drop", inputSchema: noArguments }]]);
    const tools = await mcpTools(client, { prefix: "acme_", filter: ({ name }) => name !== "drop" });
    expect(tools.map(({ name }) => name)).toEqual(["acme_weather"]);
  });

  test("a schema that cannot be used is named, and may be left out", async () => {
    const bad = { name: "bad", inputSchema: { type: "object", properties: { a: { $ref: "#/$defs/none" } } } } as const;
    const { client } = await mcpServer([[weather, bad]]);
    const error = await rejection(mcpTools(client));
    expect(error).toMatchObject({ code: "invalid_request", hint: expect.stringContaining("filter") });
    expect(error.detail).toContain('the MCP tool "bad"');
    expect(await mcpTools(client, { filter: ({ name }) => name !== "bad" })).toHaveLength(1);
  });

  test("a list that ends with an empty cursor is read once", async () => {
    const listTools = () => Promise.resolve({ tools: [weather], nextCursor: "" });
    const tools = await mcpTools({ listTools, callTool: () => Promise.resolve({ content: [] }) });
    expect(tools.map(({ name }) => name)).toEqual(["weather"]);
  });

  test.each([
    [{ timeoutMs: -1 }, "`options.timeoutMs` is -1"],
    [{ needsApproval: "yes" }, "`options.needsApproval`"],
    [null, "`options` is no object"],
  ])("the wrong option %j is refused", async (options, detail) => {
    const { client } = await mcpServer([[weather]]);
    const error = await rejection(mcpTools(client, options as McpToolsOptions));
    expect([error.code, error.detail]).toEqual(["invalid_request", expect.stringContaining(detail)]);
  });

  test("an unknown option is refused with the right one, and an aborted listing ends", async () => {
    const { client } = await mcpServer([[weather]]);
    const error = await rejection(mcpTools(client, { timeoutms: 5 } as McpToolsOptions));
    expect([error.code, error.detail]).toEqual(["invalid_request", expect.stringContaining("timeoutMs")]);
    await expect(mcpTools(client, { signal: AbortSignal.abort(new Error("enough")) })).rejects.toThrow("enough");
  });
});

describe("S18 a call", () => {
  /** Runs one call through the model; gives what the model is told, and the events. */
  async function run(answer: (call: Call) => object | Promise<object>, options?: McpToolsOptions, args?: unknown) {
    const served = await mcpServer([[weather]], answer as never);
    const tools = await mcpTools(served.client, options);
    const { llm, provider, clock } = scriptedClient([calling("weather", args ?? { city: "Oslo" }), "done"]);
    const events: StreamEvent[] = [];
    for await (const event of llm.stream({ prompt: "go", tools }).events) events.push(event);
    const told = provider.requests[1]?.messages.at(-1)?.content;
    return { told, events, calls: served.calls, clock };
  }
  const text = (value: string) => ({ type: "text", text: value });

  test("the server gets the arguments under its own name for the tool, the model gets the text", async () => {
    const { told, calls } = await run(() => ({ content: [text("sunny"), text("20 °C")] }));
    expect(calls.map(({ name, arguments: args }) => [name, args])).toEqual([["weather", { city: "Oslo" }]]);
    expect(told).toBe("sunny\n20 °C");
  });

  test("arguments that do not fit the server's schema never reach it", async () => {
    const { told, calls } = await run(() => ({ content: [] }), {}, { city: "O", days: 9 });
    expect([calls, JSON.parse(told as string)]).toEqual([[], { error: expect.stringMatching(/city.*days/s) }]);
  });

  test("structured content is the result, its copy in words is not", async () => {
    const { told, events } = await run(() => ({
      content: [text('{"degrees":20}')],
      structuredContent: { degrees: 20 },
    }));
    expect(told).toBe('{"degrees":20}');
    expect(events.find(({ type }) => type === "tool-result")).toMatchObject({ result: { degrees: 20 } });
  });

  test("pictures, sound, files and links become content parts", async () => {
    const { told } = await run(() => ({
      content: [
        text("here:"),
        { type: "image", data: "QUJD", mimeType: "image/png" },
        { type: "audio", data: "QUJD", mimeType: "audio/mpeg" },
        { type: "resource", resource: { uri: "file:///a/report.pdf", mimeType: "application/pdf", blob: "QUJD" } },
        { type: "resource", resource: { uri: "file:///a.txt", text: "words" } },
        { type: "resource_link", uri: "file:///b.txt", name: "b" },
      ],
    }));
    expect(told).toEqual([
      { type: "text", text: "here:" },
      { type: "image_url", image_url: { url: "data:image/png;base64,QUJD" } },
      { type: "input_audio", input_audio: { data: "QUJD", format: "mp3" } },
      { type: "file", file: { filename: "report.pdf", file_data: "data:application/pdf;base64,QUJD" } },
      { type: "text", text: "words" },
      { type: "text", text: "b: file:///b.txt" },
    ]);
  });

  test("structured content with a picture: both, and the words once", async () => {
    const { told } = await run(() => ({
      content: [text('{"n":1}'), { type: "image", data: "QUJD", mimeType: "image/png" }],
      structuredContent: { n: 1 },
    }));
    expect(told).toEqual([
      { type: "text", text: '{"n":1}' },
      { type: "image_url", image_url: { url: "data:image/png;base64,QUJD" } },
    ]);
  });

  test("isError is a tool that failed, in the server's words", async () => {
    const { told, events } = await run(() => ({ content: [text("no such city")], isError: true }));
    expect([told, events.find(({ type }) => type === "tool-result")]).toMatchObject([
      '{"error":"no such city"}',
      { isError: true },
    ]);
  });

  test("onToolError: throw ends the call with `tool`, whether the server says isError or fails", async () => {
    for (const fail of [
      () => ({ content: [text("no such city")], isError: true }),
      () => {
        throw new Error("no such city");
      },
    ]) {
      const { client } = await mcpServer([[weather]], fail as never);
      const { llm } = scriptedClient([calling("weather", { city: "Oslo" })]);
      const tools = await mcpTools(client);
      const error = await rejection(llm.generate({ prompt: "go", tools, onToolError: "throw" }));
      expect([error.code, error.detail]).toEqual(["tool", expect.stringContaining("no such city")]);
    }
  });

  test("progress notifications become events, in order and before the result", async () => {
    const { events } = await run(async ({ progress }) => {
      await progress({ progress: 1, total: 2, message: "asking" });
      await progress({ progress: 2, total: 2 });
      return { content: [text("sunny")] };
    });
    expect(events.filter(({ type }) => type === "tool-progress" || type === "tool-result")).toMatchObject([
      { type: "tool-progress", id: "c1", name: "weather", data: { progress: 1, total: 2, message: "asking" } },
      { type: "tool-progress", data: { progress: 2, total: 2 } },
      { type: "tool-result", result: "sunny" },
    ]);
  });

  test("needsApproval sees the server's description; an approved call runs", async () => {
    const drop = { name: "drop", inputSchema: noArguments, annotations: { destructiveHint: true } };
    const { client, calls } = await mcpServer([[weather, drop]]);
    const tools = await mcpTools(client, { needsApproval: ({ annotations }) => annotations?.destructiveHint === true });
    const { llm } = scriptedClient([
      {
        toolCalls: [
          { name: "weather", arguments: { city: "Oslo" } },
          { name: "drop", arguments: {}, id: "c2" },
        ],
      },
      "done",
    ]);
    const first = await llm.generate({ prompt: "go", tools });
    expect([
      calls.map(({ name }) => name),
      first.toolCalls.map(({ name, needsApproval }) => [name, needsApproval]),
    ]).toEqual([["weather"], [["drop", true]]]);
    const messages = [{ role: "user" as const, content: "go" }, ...first.newMessages];
    await llm.generate({ messages, tools, approvals: { c2: true } });
    expect(calls.map(({ name }) => name)).toEqual(["weather", "drop"]);
  });
});

describe("an end that comes early", () => {
  /** A call that the server never answers, until it is told to stop. */
  async function hanging(options: McpToolsOptions, more: { signal?: AbortSignal } = {}) {
    const started = Promise.withResolvers<void>();
    const stopped = Promise.withResolvers<void>();
    const { client } = await mcpServer([[weather]], ({ signal }) => {
      signal.addEventListener("abort", () => stopped.resolve());
      started.resolve();
      return new Promise<never>(() => {});
    });
    const { llm, clock, provider } = scriptedClient([calling("weather", { city: "Oslo" }), "gave up"]);
    const work = llm.generate({ prompt: "go", tools: await mcpTools(client, options), ...more });
    await started.promise;
    return { work, clock, provider, stopped: stopped.promise };
  }

  test.each([
    [{}, 60_000],
    [{ timeoutMs: 5_000 }, 5_000],
  ])("timeoutMs %j: after %d ms the model is told, and the server is told to stop", async (options, ms) => {
    const { work, clock, provider, stopped } = await hanging(options);
    clock.advance(ms - 1);
    expect(provider.requests).toHaveLength(1);
    clock.advance(1);
    expect((await work).text).toBe("gave up");
    await stopped;
    const told = provider.requests[1]?.messages.at(-1)?.content;
    expect(JSON.parse(told as string)).toEqual({ error: `tool "weather" took longer than ${ms} ms` });
  });

  test("F31 an abort of the call tells the server to stop", async () => {
    const controller = new AbortController();
    const { work, stopped } = await hanging({ timeoutMs: 0 }, { signal: controller.signal });
    controller.abort();
    expect(await rejection(work)).toMatchObject({ code: "aborted" });
    await stopped;
  });
});
