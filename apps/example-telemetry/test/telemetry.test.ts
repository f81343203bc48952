import { startSimulator } from "@signalbox/testing";
import { expect, onTestFinished, test } from "vitest";
import { startExample } from "./start-example.js";

const KEY = "sk-or-v1-example-telemetry";

const ask = (origin: string, body: object) =>
  fetch(`${origin}/chat`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });

test("the file has a trace for each request and what was measured; the log has what became of each", async () => {
  const example = await startExample({});
  expect(example.first).toContain("the simulator answers");
  const plain = await ask(example.origin, { prompt: 'Reply with exactly "Good morning"' });
  expect([plain.status, await plain.text()]).toEqual([200, expect.stringContaining("Good morning")]);
  const streamed = await ask(example.origin, { prompt: "Use the weather tool for Lisbon", stream: true });
  expect(await streamed.text()).toContain("tool-result");
  const { code, telemetry, telemetryText, log, logText } = await example.stop();
  expect(code).toBe(0);

  const spans = telemetry.filter(({ span }) => span !== undefined);
  const named = (name: string) => spans.filter(({ span }) => String(span).startsWith(name));
  const [first, second] = named("POST /chat");
  const agents = named("invoke_agent");
  expect(agents.map(({ trace, parent }) => [trace, parent])).toEqual([
    [first?.trace, first?.id],
    [second?.trace, second?.id],
  ]);
  const chats = named("chat ");
  expect(chats.map(({ parent }) => parent)).toEqual([agents[0]?.id, agents[1]?.id, agents[1]?.id]);
  expect(named("execute_tool weather").map(({ parent }) => parent)).toEqual([agents[1]?.id]);
  expect(chats[0]?.attributes).toMatchObject({ "gen_ai.provider.name": "openrouter", "signalbox.outcome": "answered" });

  const metrics = new Set(telemetry.flatMap(({ metric }) => metric ?? []));
  for (const name of [
    "gen_ai.client.operation.duration",
    "gen_ai.client.operation.time_to_first_chunk",
    "gen_ai.client.operation.time_per_output_chunk",
    "gen_ai.client.token.usage",
    "gen_ai.execute_tool.duration",
    "signalbox.client.cost",
  ])
    expect([...metrics]).toContain(name);

  const ends = log.filter(({ message }) => message === "a request ended");
  expect(ends.map(({ outcome }) => outcome)).toEqual(["answered", "answered", "answered"]);
  const ids = chats.map(({ attributes }) => (attributes as Record<string, unknown>)["signalbox.request.id"]);
  expect(ends.map(({ requestId }) => requestId)).toEqual(ids);
  for (const text of [telemetryText, logText]) expect(text).not.toMatch(/Good morning|Lisbon|sk-or/);
});

test("a failure of upstream stands in trace and log under its code, and the key nowhere", async () => {
  const simulator = await startSimulator({ keys: [KEY] });
  onTestFinished(() => simulator.close());
  simulator.fault("400");
  const example = await startExample({ OPENROUTER_API_KEY: KEY, OPENROUTER_BASE_URL: simulator.baseURL });
  expect((await ask(example.origin, { prompt: "Hi" })).status).toBe(400);
  const { telemetry, telemetryText, log, logText } = await example.stop();
  expect(telemetry.find(({ span }) => String(span).startsWith("chat "))).toMatchObject({
    status: "error",
    attributes: { "error.type": "invalid_request", "signalbox.outcome": "failed" },
  });
  expect(log.find(({ message }) => message === "a request ended")).toMatchObject({ code: "invalid_request" });
  for (const text of [telemetryText, logText]) expect(text).not.toContain(KEY);
});
