import { expect, test } from "vitest";
import { fetchPart } from "../src/client/fetch-part.js";
import { upstreamErrors } from "../src/errors/upstream-errors.js";
import { jsonCalls } from "../src/generate/json-calls.js";
import { toolPart } from "../src/generate/tool-part.js";
import { tool } from "../src/index.js";
import { catalogueReader } from "../src/models/catalogue-reader.js";
import { structuredPart } from "../src/structured/structured-part.js";
import { rejection } from "./rejection.js";
import { completion, events, json, post, textChunk, upstream } from "./upstream.js";

const PARTS = { fetchPart, upstreamErrors, jsonCalls, toolPart, catalogueReader, structuredPart };
const loaded = () => Object.entries(PARTS).flatMap(([name, part]) => (part.loaded === undefined ? [] : [name]));

const finish = { choices: [{ index: 0, delta: {}, finish_reason: "stop" }], usage: completion.usage };
const upper = tool({ name: "upper", description: "Makes it loud.", parameters: { type: "object" } });

test("a plain answer, streamed or not, needs no further part; each other call loads its own", async () => {
  const { llm, baseURL } = await upstream((seen, response) => {
    if (seen.path.endsWith("/models")) return json(response, 200, { data: [{ id: "a/b", name: "B" }] });
    if (seen.path.endsWith("/embeddings")) return json(response, 200, { data: [{ index: 0, embedding: [1] }] });
    if (seen.body.model === "a/unknown") return json(response, 404, { error: { message: "no such model" } });
    if (seen.body.stream !== true) return json(response, 200, completion);
    events(response, textChunk("hi"), finish, "data: [DONE]\n\n");
    return response.end();
  });
  let text = "";
  for await (const piece of llm.stream({ prompt: "x" })) text += piece;
  expect([text, (await llm.generate({ prompt: "x" })).text, loaded()]).toEqual(["hi", "hi", []]);
  expect(llm.models.list().length).toBeGreaterThan(0);
  expect(loaded()).toEqual([]);

  await rejection(llm.stream({ prompt: "x", model: "a/unknown" }).result);
  expect(loaded()).toEqual(["upstreamErrors"]);
  for await (const _ of llm.stream({ prompt: "x", tools: [upper] }));
  expect(loaded()).toEqual(["upstreamErrors", "toolPart"]);
  await llm.embed({ model: "a/b", input: "x" });
  await llm.models.refresh();
  await llm.fetch(`${baseURL}/chat/completions`, post({ model: "a/b", messages: [] }));
  await rejection(llm.generateStructured({ prompt: "x", schema: { type: "object" }, reasks: 0 }));
  expect(loaded()).toEqual(Object.keys(PARTS));
});
