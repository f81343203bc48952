import { afterAll, beforeAll, expect, it } from "vitest";
import { type Simulator, startSimulator } from "../src/index.js";
import { get, messageTo, question } from "./simulator-client.js";

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({
    seed: "catalogue",
    models: [{ id: "acme/vectors", kind: "embeddings" }],
  });
});
afterAll(() => simulator.close());

it.each([
  "/models?limit=2&q=gpt",
  "/models?limit=3&supported_parameters=tools,temperature",
  "/models?limit=1&output_modalities=embeddings",
  "/embeddings/models?limit=1",
])("the pages of %s add up to the whole", async (path) => {
  const whole = (await get(simulator, path.replace(/limit=\d&?/, ""))).json;
  const ids: string[] = [];
  for (let next: string | null = `/api/v1${path}`; next !== null; ) {
    const { json } = await get(simulator, next.replace("/api/v1", ""));
    expect(json.data.length).toBeGreaterThan(0);
    ids.push(...json.data.map(({ id }: { id: string }) => id));
    next = json.links.next;
  }
  expect(ids.length).toBeGreaterThan(1);
  expect(ids).toEqual(whole.data.map(({ id }: { id: string }) => id));
});

it.each(["/model/%E0/x", "/models/a/%/endpoints", "/model/a/%ff"])("%s is not found", async (path) => {
  expect((await get(simulator, path)).status).toBe(404);
});

it("a reference that is not percent-encoded is followed as it stands", async () => {
  const schema = {
    type: "object",
    properties: { a: { $ref: "#/$defs/100%" } },
    required: ["a"],
    $defs: { "100%": { const: "found" } },
  };
  const response_format = { type: "json_schema", json_schema: { name: "a", schema } };
  const { content } = await messageTo(simulator, question("x", { response_format }));
  expect(JSON.parse(content)).toEqual({ a: "found" });
});
