import { describe, expect, test } from "vitest";
import { z } from "zod";
import { deckClient as client, deck, means, usage } from "../../test/deck-client.js";
import { jsonSchema, type Schema } from "./schema.js";

describe("S17 S32 an object", () => {
  test("S32 the three spellings give the same body and the same object", async () => {
    const bare = {
      type: "object",
      properties: { explanation: { type: "string" }, examples: { type: "array", items: { type: "string" } } },
      required: ["explanation", "examples"],
    };
    const spellings: Schema[] = [
      z.object({ explanation: z.string(), examples: z.array(z.string()) }),
      jsonSchema<{ explanation: string; examples: string[] }>(bare),
      { type: "json_schema", json_schema: { name: "answer", schema: bare } },
    ];
    const answer = { explanation: "why", examples: ["a", "b"] };
    const { llm, requests } = client([{ object: answer }]);
    for (const schema of spellings)
      expect((await llm.generateStructured({ prompt: "Why?", schema })).object).toEqual(answer);
    const [first, ...others] = requests.map((body) => JSON.stringify(body));
    expect(others).toEqual([first, first]);
    expect(requests[0]?.response_format).toEqual({
      type: "json_schema",
      json_schema: { name: "answer", strict: true, schema: { ...bare, additionalProperties: false } },
    });
  });

  test("the result is that of a call, with the object and the rung that gave it", async () => {
    const { ask, requests } = client([{ object: deck, usage: usage(0.25) }], {
      name: "openrouter",
      model: "acme/unknown",
    });
    const result = await ask({ schemaName: "deck", schemaDescription: "A slide deck", routing: { sort: "price" } });
    expect(result).toMatchObject({
      object: deck,
      strategy: "json_schema_strict",
      finishReason: "stop",
      text: JSON.stringify(deck),
      warnings: [],
      cost: { usd: 0.25 },
    });
    expect(result.attempts).toHaveLength(1);
    expect(requests[0]).toMatchObject({
      provider: { require_parameters: true, sort: "price" },
      plugins: [{ id: "response-healing" }],
      response_format: { json_schema: { name: "deck", description: "A slide deck" } },
    });
  });

  test("S17 both kinds of response_format reach the service, each by its strategy", async () => {
    const { ask, requests } = client([{ object: deck }]);
    for (const strategy of ["json_schema_strict", "json_schema", "tool", "json_object"] as const) {
      expect(await ask({ strategy })).toMatchObject({ object: deck, strategy });
    }
    expect(requests.map(means)).toEqual(["strict", "loose", "tool", "json_object"]);
  });

  test("S17 the guide's default model reaches a valid object by a tool, and no call is left unanswered", async () => {
    const { ask, requests } = client([{ object: deck, usage: usage(0.01) }], {
      name: "openrouter",
      model: "anthropic/claude-3-haiku:beta",
    });
    const result = await ask();
    expect(requests[0]).toMatchObject({
      model: "anthropic/claude-3-haiku",
      tool_choice: { type: "function", function: { name: "answer" } },
    });
    expect(requests[0]).not.toHaveProperty("response_format");
    const said = { role: "assistant", content: JSON.stringify(deck) };
    expect(result).toMatchObject({
      object: deck,
      strategy: "tool",
      text: JSON.stringify(deck),
      finishReason: "stop",
      rawFinishReason: "tool_calls",
      toolCalls: [],
      message: said,
      newMessages: [said],
    });
    expect(result.message).not.toHaveProperty("tool_calls");
    expect(result.steps).toMatchObject([
      { text: JSON.stringify(deck), toolCalls: [], finishReason: "stop", message: said },
    ]);
  });

  test("S17 the model that `extraBody` names decides the means", async () => {
    const { ask, requests } = client([{ object: deck }], { name: "openrouter", model: "openai/gpt-4o-mini" });
    await ask();
    await ask({ extraBody: { model: "anthropic/claude-3-haiku" } });
    expect(requests.map(means)).toEqual(["strict", "tool"]);
  });

  test("a root that is no object is unwrapped", async () => {
    const { llm, requests } = client([{ object: { value: [1, 2] } }]);
    const { object } = await llm.generateStructured({ prompt: "Numbers", schema: z.array(z.number()) });
    expect(object satisfies number[]).toEqual([1, 2]);
    expect(requests[0]?.response_format).toMatchObject({
      json_schema: { schema: { type: "object", required: ["value"] } },
    });
  });

  test("recursion, unions and references go out and come back checked", async () => {
    const Node = z.object({
      kind: z.literal("node"),
      get kids() {
        return z.array(z.union([Node, z.object({ kind: z.literal("leaf"), text: z.string() })]));
      },
    });
    const tree = {
      kind: "node",
      kids: [
        { kind: "leaf", text: "a" },
        { kind: "node", kids: [] },
      ],
    };
    const { llm } = client([{ object: { ...tree, kids: [{ kind: "leaf" }] } }, { object: tree }]);
    expect((await llm.generateStructured({ prompt: "A tree", schema: Node })).object).toEqual(tree);
  });

  test("nothing given is changed, and nothing absent is sent", async () => {
    const { llm, requests } = client([{ object: deck }]);
    const request = Object.freeze({
      messages: Object.freeze([Object.freeze({ role: "user", content: "Go" } as const)]),
      schema: Object.freeze({ type: "object" }),
      strategy: "json_object",
    } as const);
    await llm.generateStructured(request);
    expect(JSON.stringify(requests)).not.toContain("null");
    expect(requests[0]).not.toHaveProperty("schema");
  });
});

describe("Presenton's failures", () => {
  test.each<[string, string]>([
    ["a code fence", `\`\`\`json\n${JSON.stringify(deck)}\n\`\`\``],
    ["prose around it", `Here you are:\n${JSON.stringify(deck)}\nEnjoy!`],
    ["thoughts before it", `<think>{"title": 1}</think>${JSON.stringify(deck)}`],
    ["null for an optional field", JSON.stringify({ ...deck, subtitle: null })],
    ["a comma too many", '{"title":"Solar","pages":3,}'],
  ])("%s is read at once", async (_name, text) => {
    const { ask, requests } = client([text]);
    expect((await ask()).object).toEqual(deck);
    expect(requests).toHaveLength(1);
  });

  test.each<[string, string, RegExp]>([
    ["only thoughts", "<think>Let me see.</think>", /there is no JSON object in it/],
    ["an empty answer", "", /there is no JSON object in it \(finish reason "stop"\)/],
    ["markdown in place of JSON", "# Solar\n\n- sun\n- panels", /there is no JSON object in it/],
    ["a missing field", '{"title":"Solar"}', /pages/],
    ["JSON that breaks off", '{"title":"Solar","pages":', /breaks off/],
    ["single quotes", "{'title':'Solar'}", /there is no JSON object in it/],
  ])("S17 %s: asked again with what is wrong, then it is right", async (_name, text, told) => {
    const { ask, requests } = client([
      { text, usage: usage(0.1) },
      { object: deck, usage: usage(0.2) },
    ]);
    const result = await ask();
    expect(result.object).toEqual(deck);
    expect(requests).toHaveLength(2);
    const words = requests[1]?.messages.at(-1);
    expect(words).toMatchObject({ role: "user", content: expect.stringMatching(told) });
    expect(words?.content).toContain("JSON Schema");
    expect(requests[1]?.messages.at(-2)).toMatchObject({
      role: "assistant",
      content: text === "" ? "(no answer)" : text.trim(),
    });
    expect(result).toMatchObject({ usage: { promptTokens: 20, completionTokens: 10 }, text: JSON.stringify(deck) });
    expect(result.cost?.usd).toBeCloseTo(0.3, 12);
    expect(result.steps).toHaveLength(2);
    expect(result.attempts.map(({ number }) => number)).toEqual([1, 2]);
    expect(result.warnings.map(({ code }) => code)).toContain("structured_reask");
    expect(result.newMessages).toEqual([...(requests[1]?.messages.slice(1) ?? []), result.message]);
  });
});
