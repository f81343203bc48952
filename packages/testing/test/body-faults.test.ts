import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Simulator, startSimulator } from "../src/index.js";
import { post, question, stream } from "./simulator-client.js";

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ seed: "body faults" });
});
afterAll(() => simulator.close());

const tides = question("Explain tides");

describe("a fault of the body", () => {
  it("waits for a request that has one", async () => {
    simulator.fault("cut", { after: 1 });
    expect((await post(simulator, { ...tides, stream: true, model: "nothing" })).status).toBe(400);
    expect(simulator.requests.at(-1)?.fault).toBeUndefined();
    expect((await stream(simulator, tides)).done).toBe(false);
  });

  const embedding = [{ model: "openai/text-embedding-3-small", input: "tides" }, "/embeddings"] as const;
  const ranking = [{ model: "cohere/rerank-v3.5", query: "tides", documents: ["tides", "moon"] }, "/rerank"] as const;

  it.each([embedding, ranking])("breaks any other JSON answer too: %j", async (body, path) => {
    simulator.fault("cut");
    const { status, text, json } = await post(simulator, body, path);
    expect([status, text.startsWith("{"), json]).toEqual([200, true, undefined]);
    expect(simulator.requests.at(-1)?.fault).toBe("cut");
    expect((await post(simulator, body, path)).json.id).toMatch(/^gen-/);
  });

  it.each([embedding, ranking])("of a completion waits for a completion: %j", async (body, path) => {
    simulator.fault("midstream-error", { code: 503 });
    expect((await post(simulator, body, path)).json.id).toMatch(/^gen-/);
    expect(simulator.requests.at(-1)?.fault).toBeUndefined();
    expect((await stream(simulator, tides)).events.at(-1).error.code).toBe(503);
  });

  it("breaks a scripted body, or waits for a completion", async () => {
    simulator.reply({ body: { a: 1, b: 2 }, times: 2 });
    simulator.fault("cut");
    simulator.fault("fenced-json");
    expect((await post(simulator, tides)).text).toBe('{"a":1');
    expect((await post(simulator, tides)).json).toEqual({ a: 1, b: 2 });
    expect(simulator.requests.slice(-2).map(({ fault }) => fault)).toEqual(["cut", undefined]);
    expect((await stream(simulator, tides)).content).toMatch(/^```json/);
  });

  it("garbles text that was cut by hand", async () => {
    const chunks = ['{"a"', ":1}", { choices: [{ index: 0, delta: {}, finish_reason: "stop" }] }];
    simulator.reply({ chunks, times: 3 });
    simulator.fault("fenced-json");
    simulator.fault("think-tags");
    simulator.fault("empty");
    const fenced = await stream(simulator, tides);
    expect([fenced.content, fenced.events.at(3).choices[0].delta.content]).toEqual(['```json\n{"a":1}\n```', "\n```"]);
    expect((await stream(simulator, tides)).content).toMatch(/^<think>\n[\s\S]+<\/think>\n\n\{"a":1\}$/);
    expect((await stream(simulator, tides)).events).toEqual([]);
  });
});

it("errors inside a 200 take metadata", async () => {
  const metadata = { error_type: "provider_overloaded" };
  for (const form of ["documented", "recorded", "no-choices"] as const) {
    simulator.fault("midstream-error", { form, metadata });
    expect((await stream(simulator, tides)).events.at(-1).error.metadata).toEqual(metadata);
  }
  simulator.fault("midstream-error", { metadata });
  expect((await post(simulator, tides)).json.choices[0].error.metadata).toEqual(metadata);
  simulator.fault("error-first-event", { metadata });
  expect((await stream(simulator, tides)).events[0].error.metadata).toEqual(metadata);
  simulator.fault("error-200", { metadata });
  expect((await post(simulator, tides)).json.error.metadata).toEqual(metadata);
});
