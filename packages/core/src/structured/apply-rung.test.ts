import { describe, expect, test } from "vitest";
import { z } from "zod";
import type { GenerateRequest } from "../generate/generate-request.js";
import { applyRung, type RungContext } from "./apply-rung.js";
import { normalizeSchema } from "./normalize-schema.js";

const schema = normalizeSchema(z.object({ a: z.string().optional() }), { name: "thing", description: "A thing" });
const context: RungContext = {
  schema,
  toolName: "thing",
  providerName: "openrouter",
  streaming: false,
  jsonMode: true,
};
const request: GenerateRequest = Object.freeze({ prompt: "Go", temperature: 0 });

describe("S17 a request as a rung asks for it", () => {
  test("strict json_schema", () => {
    expect(applyRung("json_schema_strict", request, context)).toEqual({
      prompt: "Go",
      temperature: 0,
      extraBody: {
        response_format: {
          type: "json_schema",
          json_schema: { name: "thing", description: "A thing", strict: true, schema: schema.strictSchema },
        },
      },
      routing: { requireParameters: true },
      plugins: [{ id: "response-healing" }],
    });
  });

  test("json_schema as it is", () => {
    expect(applyRung("json_schema", request, context).extraBody).toEqual({
      response_format: {
        type: "json_schema",
        json_schema: { name: "thing", description: "A thing", strict: false, schema: schema.jsonSchema },
      },
    });
  });

  test("a forced tool, without routing or healing", () => {
    expect(applyRung("tool", request, context)).toEqual({
      ...request,
      tools: [{ type: "function", function: { name: "thing", description: "A thing", parameters: schema.jsonSchema } }],
      toolChoice: { name: "thing" },
    });
  });

  test("json_object with the schema in words, and words alone", () => {
    const asked = applyRung("json_object", request, context);
    expect(asked).toMatchObject({
      extraBody: { response_format: { type: "json_object" } },
      plugins: [{ id: "response-healing" }],
    });
    expect(asked.routing).toBeUndefined();
    expect(asked.prompt).toBe(
      `Go\n\nAnswer with one JSON object and nothing else: no explanation before or after it, no code fence.\nIt has to match this JSON Schema:\n${JSON.stringify(schema.jsonSchema)}`,
    );
    expect(applyRung("json_object", request, { ...context, jsonMode: false })).toEqual({
      temperature: 0,
      prompt: asked.prompt,
    });
  });
});

describe("what the caller set stays", () => {
  test("routing, plugins and extraBody win", () => {
    const own: GenerateRequest = {
      prompt: "Go",
      routing: { only: ["x"], requireParameters: false },
      plugins: [{ id: "web" }, { id: "response-healing", enabled: false }],
      extraBody: { top_k: 3, response_format: { type: "text" } },
    };
    expect(applyRung("json_schema", own, context)).toEqual(own);
    expect(applyRung("json_schema", { ...own, plugins: [{ id: "web" }] }, context).plugins).toEqual([
      { id: "web" },
      { id: "response-healing" },
    ]);
  });

  test("healing only for whole answers, routing and plugins only for OpenRouter", () => {
    expect(applyRung("json_schema", request, { ...context, streaming: true }).plugins).toBeUndefined();
    const elsewhere = applyRung("json_schema", request, { ...context, providerName: "custom" });
    expect([elsewhere.plugins, elsewhere.routing]).toEqual([undefined, undefined]);
  });

  test("the caller's tools stay usable beside the answer's", () => {
    const own = { type: "function", function: { name: "search" } } as const;
    const asked = (toolChoice?: GenerateRequest["toolChoice"]) =>
      applyRung("tool", { prompt: "Go", tools: [own], toolChoice }, context);
    expect(asked().tools?.map((tool) => ("function" in tool ? tool.function.name : ""))).toEqual(["search", "thing"]);
    expect(
      [asked(), asked("auto"), asked("none"), asked("required"), asked({ name: "search" })].map(
        ({ toolChoice }) => toolChoice,
      ),
    ).toEqual(["required", "required", "required", "required", { name: "search" }]);
  });

  test("words go to the end of what the user said, wherever that is, and nothing given is changed", () => {
    const words = (messages: GenerateRequest["messages"]) =>
      applyRung("json_object", { messages }, { ...context, jsonMode: false }).messages;
    const said = Object.freeze({ role: "user", content: "Go" } as const);
    expect(words(Object.freeze([said]))).toEqual([
      { role: "user", content: expect.stringMatching(/^Go\n\nAnswer with one JSON/) },
    ]);
    const image = { type: "image_url", image_url: { url: "data:," } };
    const parts = Object.freeze({ role: "user" as const, content: Object.freeze([image]) as (typeof image)[] });
    expect(words([parts])).toEqual([
      { role: "user", content: [image, { type: "text", text: expect.stringMatching(/^Answer with/) }] },
    ]);
    const mid = words([said, { role: "assistant", tool_calls: [{ id: "c1", type: "function" }] }]);
    expect(mid?.map(({ role }) => role)).toEqual(["user", "assistant"]);
    expect(mid?.[0]?.content).toMatch(/^Go\n\nAnswer with/);
    expect(words([{ role: "system", content: "Be brief" }])).toEqual([
      { role: "system", content: "Be brief" },
      { role: "user", content: expect.stringMatching(/^Answer with/) },
    ]);
  });
});
