import { subscribe, unsubscribe } from "node:diagnostics_channel";
import dns, { promises } from "node:dns";
import { isIP, type Socket } from "node:net";
import { expect, onTestFinished, test, vi } from "vitest";
import { jsonLogger, tool } from "../src/index.js";
import { memoryLedger } from "../src/ledger/index.js";
import { recordTelemetry } from "./telemetry-recorder.js";
import { completion, events, json, post, textChunk, upstream } from "./upstream.js";

/** Every TCP connection that this process opens until the test ends, as `address:port`. */
function watchConnections(): Set<string> {
  const opened = new Set<string>();
  const onSocket = (message: unknown) => {
    const { socket } = message as { socket: Socket };
    socket.once("connect", () => opened.add(`${socket.remoteAddress}:${socket.remotePort}`));
    socket.once("error", () => opened.add("a connection that failed"));
  };
  subscribe("net.client.socket", onSocket);
  onTestFinished(() => void unsubscribe("net.client.socket", onSocket));
  return opened;
}

test("a client that uses all it has connects to its base URL and to nothing else, and asks for no name", async () => {
  const opened = watchConnections();
  const lookups = [vi.spyOn(dns, "lookup"), vi.spyOn(promises, "lookup")] as {
    mock: { calls: unknown[][] };
    mockRestore(): void;
  }[];
  const datagrams: unknown[] = [];
  const onDatagram = (message: unknown) => void datagrams.push(message);
  subscribe("udp.socket", onDatagram);
  onTestFinished(() => {
    for (const spy of lookups) spy.mockRestore();
    unsubscribe("udp.socket", onDatagram);
  });
  const recorder = recordTelemetry();
  const lines: string[] = [];
  const { llm, baseURL, requests } = await upstream(
    (seen, response) => {
      if (seen.path.endsWith("/models")) return json(response, 200, { data: [{ id: "a/b", name: "B" }] });
      if (seen.path.includes("/generation")) return json(response, 200, { data: { id: "gen-1", total_cost: 0.5 } });
      if (seen.path.endsWith("/key")) return json(response, 200, { data: { label: "x", usage: 0 } });
      if (seen.path.endsWith("/embeddings")) return json(response, 200, { data: [{ index: 0, embedding: [1] }] });
      if (seen.path.endsWith("/rerank")) return json(response, 200, { results: [{ index: 0, relevance_score: 1 }] });
      if (seen.body.stream !== true) return json(response, 200, completion);
      const finish = { choices: [{ index: 0, delta: {}, finish_reason: "stop" }], usage: completion.usage };
      events(response, textChunk("hi"), finish, "data: [DONE]\n\n");
      return response.end();
    },
    {
      telemetry: { ...recorder.telemetry, recordContent: true },
      logger: jsonLogger({ level: "debug", write: (line) => void lines.push(line) }),
      ledger: memoryLedger(),
      breaker: {},
      budget: { usd: 100, per: "day", unknownPrice: "allow" },
      limits: { requestsPerMinute: 1_000 },
      clock: undefined,
    },
  );
  const asked = { model: "openai/gpt-4o", prompt: "x" };
  await llm.generate(asked);
  for await (const _ of llm.stream(asked));
  await llm.generate({ ...asked, tools: [tool({ name: "look", parameters: { type: "object" }, execute: () => 1 })] });
  await llm.embed({ model: "a/b", input: "x" });
  await llm.rerank({ model: "a/b", query: "x", documents: ["y"] });
  await llm.models.refresh();
  await llm.account.key();
  await (await llm.fetch(`${baseURL}/chat/completions`, post({ model: "a/b", messages: [] }))).text();
  await llm.settled();
  await llm.close();

  expect([recorder.spans().length, lines.length].every((count) => count > 4)).toBe(true);
  expect(requests.length).toBeGreaterThanOrEqual(8);
  expect([...opened]).toEqual([new URL(baseURL).host]);
  // An address that is "looked up" asks nobody.
  const names = lookups.flatMap(({ mock }) => mock.calls.map(([name]) => String(name)));
  expect(names.filter((name) => isIP(name) === 0)).toEqual([]);
  expect(datagrams).toEqual([]);
});
