import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Reply, type Simulator, startSimulator } from "../src/index.js";
import { get, messageTo, post, question, stream, type Wire } from "./simulator-client.js";

let simulator: Simulator;
beforeEach(async () => {
  simulator = await startSimulator({ seed: "replies" });
});
afterEach(() => simulator.close());

const ask = question("Explain tides");

describe("a queued reply", () => {
  it("answers one request each, in order, then answers are composed again", async () => {
    simulator.reply("first", { text: "second" });
    const texts = [];
    for (let n = 0; n < 3; n += 1) texts.push((await messageTo(simulator, ask)).content);
    expect(texts.slice(0, 2)).toEqual(["first", "second"]);
    expect(texts[2].length).toBeGreaterThan(20);
  });

  it("waits for the request it is meant for, and may serve several", async () => {
    simulator.reply({ text: "mine", times: 2, when: ({ prompt }) => prompt === "special" });
    const texts = [];
    for (const prompt of ["special", "other", "special", "special"])
      texts.push((await messageTo(simulator, question(prompt))).content === "mine");
    expect(texts).toEqual([true, false, true, false]);
  });

  it("is not used up by a fault before it", async () => {
    simulator.reply("after the fault");
    simulator.fault("503");
    expect((await post(simulator, ask)).status).toBe(503);
    expect((await messageTo(simulator, ask)).content).toBe("after the fault");
  });

  it("scripts reasoning, tool calls, finish words and usage", async () => {
    const reply: Reply = {
      reasoning: "hm",
      text: "let me see",
      toolCalls: [
        { name: "look", arguments: { at: 1 } },
        { name: "broken", arguments: '{"at":', id: "call_x" },
      ],
      usage: { prompt_tokens: 5, cost: 0.5 },
    };
    simulator.reply({ ...reply, times: 2 });
    const { json } = await post(simulator, ask);
    const [{ message, finish_reason }] = json.choices;
    expect(message).toMatchObject({ content: "let me see", reasoning: "hm" });
    expect(message.tool_calls.map(({ function: called }: Wire) => called)).toEqual([
      { name: "look", arguments: '{"at":1}' },
      { name: "broken", arguments: '{"at":' },
    ]);
    expect([finish_reason, message.tool_calls[1].id, json.usage.prompt_tokens, json.usage.cost]).toEqual([
      "tool_calls",
      "call_x",
      5,
      0.5,
    ]);
    const { events } = await stream(simulator, ask);
    expect(events.at(-1).usage).toMatchObject({ prompt_tokens: 5, cost: 0.5 });
    expect(simulator.requests.map(({ cost }) => cost)).toEqual([0.5, 0.5]);
    simulator.reply({ text: "", finishReason: "content_filter", nativeFinishReason: "SAFETY" });
    expect((await post(simulator, ask)).json.choices[0]).toMatchObject({
      finish_reason: "content_filter",
      native_finish_reason: "SAFETY",
    });
  });

  it("gives an object as text, or to the tool that is forced", async () => {
    const tools = [{ type: "function", function: { name: "answer", parameters: { type: "object" } } }];
    simulator.reply({ object: { a: 1 }, times: 2 });
    expect((await messageTo(simulator, ask)).content).toBe('{"a":1}');
    const forced = await messageTo(simulator, {
      ...ask,
      tools,
      tool_choice: { type: "function", function: { name: "answer" } },
    });
    expect(forced.tool_calls[0].function).toEqual({ name: "answer", arguments: '{"a":1}' });
  });

  it("scripts status, body and headers", async () => {
    simulator.reply(
      { status: 418, body: { odd: true }, headers: { "X-Teapot": "yes" } },
      { status: 503 },
      { body: "<html>portal</html>" },
    );
    const teapot = await post(simulator, ask);
    expect([teapot.status, teapot.json, teapot.headers.get("x-teapot")]).toEqual([418, { odd: true }, "yes"]);
    expect((await post(simulator, ask)).json.error).toEqual({ code: 503, message: "Service temporarily unavailable" });
    const portal = await post(simulator, ask);
    expect([portal.status, portal.headers.get("content-type"), portal.text]).toEqual([
      200,
      "text/html",
      "<html>portal</html>",
    ]);
  });

  it("replaces a header however it is spelt, instead of sending it twice", async () => {
    simulator.reply(
      { text: "x", headers: { "Content-Type": "text/plain", "X-Generation-Id": "mine" }, times: 2 },
      { status: 503, headers: { "Content-Type": "text/plain" } },
    );
    for (const [body, id] of [
      [ask, "mine"],
      [{ ...ask, stream: true }, "mine"],
      [ask, null],
    ] as const) {
      const { headers } = await post(simulator, body);
      expect([headers.get("content-type"), headers.get("x-generation-id")]).toEqual(["text/plain", id]);
    }
  });

  it("scripts chunks: text pieces, and objects as they are", async () => {
    simulator.reply({ chunks: ["a", "b c", "d"], times: 2 });
    const pieces = (await stream(simulator, ask)).events.map((event) => event.choices[0].delta.content);
    expect(pieces).toEqual(["a", "b c", "d", "", ""]);
    expect((await messageTo(simulator, ask)).content).toBe("ab cd");
    simulator.reply({
      chunks: [
        "a",
        { choices: [{ index: 0, delta: { audio: { data: "x" } }, finish_reason: null }] },
        { choices: [], usage: { total_tokens: 9 } },
      ],
    });
    const { events, done } = await stream(simulator, ask);
    expect(events[1]).toMatchObject({ model: "openai/gpt-4o-mini", choices: [{ delta: { audio: { data: "x" } } }] });
    expect(events.map((event) => [event.choices[0]?.finish_reason ?? null, event.usage?.total_tokens ?? null])).toEqual(
      [
        [null, null],
        [null, null],
        [null, 9],
        ["stop", null],
      ],
    );
    expect(done).toBe(true);
  });
});

describe("a script", () => {
  it("answers per request, or lets the simulator compose", async () => {
    await using scripted = await startSimulator({
      script: async ({ prompt, at }) => (prompt === "hello" ? { text: `number ${at}` } : undefined),
    });
    expect((await messageTo(scripted, question("hello"))).content).toBe("number 0");
    expect((await messageTo(scripted, ask)).content).not.toContain("number");
    scripted.reply("queued first");
    expect((await messageTo(scripted, question("hello"))).content).toBe("queued first");
  });

  it("is not asked about the catalogue", async () => {
    const asked: string[] = [];
    await using scripted = await startSimulator({ script: ({ path }) => void asked.push(path) });
    await get(scripted, "/models");
    await post(scripted, ask);
    expect(asked).toEqual(["/chat/completions"]);
  });
});
