import assert from "node:assert/strict";
import { startSimulator } from "@signalbox/testing";

async function main(): Promise<void> {
  const simulator = await startSimulator({ seed: 1, notation: "2026" });
  const headers = { authorization: "Bearer sk-or-consumer" };

  const models = (await (await fetch(`${simulator.baseURL}/models`, { headers })).json()) as { data: unknown[] };
  assert.ok(models.data.length > 0);

  const response = await fetch(`${simulator.baseURL}/chat/completions`, {
    method: "POST",
    headers: { ...headers, "content-type": "application/json" },
    body: JSON.stringify({ model: "openai/gpt-4o-mini", messages: [{ role: "user", content: "Signals and boxes" }] }),
  });
  assert.equal(response.status, 200);
  assert.equal(simulator.requests.length, 2);

  await simulator.close();
  console.log("ok");
}

void main();
