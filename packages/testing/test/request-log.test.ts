import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { ManualClock, startSimulator } from "../src/index.js";
import { openSocket, readToEnd, received } from "./raw-client.js";
import { get, headers, post, question, stream } from "./simulator-client.js";

describe("an entry", () => {
  it("tells what came and what was answered", async () => {
    await using simulator = await startSimulator();
    const { json } = await post(simulator, question("Explain tides", { temperature: 0.5 }));
    const [entry] = simulator.requests;
    await entry?.closed;
    expect(entry).toMatchObject({
      id: "req-1",
      at: 0,
      method: "POST",
      path: "/chat/completions",
      model: "openai/gpt-4o-mini",
      prompt: "Explain tides",
      stream: false,
      status: 200,
      generationId: json.id,
      provider: "OpenAI",
      usage: json.usage,
      cost: json.usage.cost,
      events: 0,
      state: "finished",
      body: { temperature: 0.5 },
    });
  });

  it("never shows the key", async () => {
    await using simulator = await startSimulator();
    await post(simulator, question("Explain tides"));
    expect(JSON.stringify(simulator.requests)).not.toContain(headers.authorization.slice(7));
    expect(simulator.requests[0]?.headers.authorization).toBe("Bearer ***cdef");
  });

  it("counts the events of a stream", async () => {
    await using simulator = await startSimulator();
    const { events } = await stream(simulator, question("Explain tides"));
    expect(simulator.requests[0]?.events).toBe(events.length);
  });

  it("is a 404 outside /api/v1, which no fault, reply or recording meets", async () => {
    await using simulator = await startSimulator();
    const outside = { baseURL: simulator.baseURL.replace("/api/v1", "") };
    simulator.fault("cut", { after: 1 });
    simulator.reply("kept");
    expect((await post({ ...simulator, ...outside }, question("Explain tides"))).status).toBe(404);
    expect((await get({ ...simulator, baseURL: `${outside.baseURL}/api/v10` }, "/models")).status).toBe(404);
    expect(simulator.requests.map(({ path, status, fault }) => [path, status, fault])).toEqual([
      ["/chat/completions", 404, undefined],
      ["/api/v10/models", 404, undefined],
    ]);
    const kept = await stream(simulator, question("Explain tides"));
    expect([kept.content, kept.done]).toEqual(["kept", false]);
  });

  it("is made for every method, path and broken body", async () => {
    await using simulator = await startSimulator();
    await get(simulator, "/models?q=claude");
    await fetch(`${simulator.baseURL}/chat/completions`, { method: "POST", headers, body: "{" });
    await get(simulator, "/nothing");
    expect(simulator.requests.map(({ method, path, status }) => [method, path, status])).toEqual([
      ["GET", "/models", 200],
      ["POST", "/chat/completions", 400],
      ["GET", "/nothing", 404],
    ]);
    expect(simulator.requests[0]?.query).toEqual({ q: "claude" });
    expect(simulator.requests[1]?.body).toBe("{");
  });
});

describe("waiting", () => {
  it("nextRequest and waitFor resolve without polling", async () => {
    await using simulator = await startSimulator();
    const next = simulator.nextRequest();
    const second = simulator.waitFor(({ at, state }) => at === 1 && state === "finished");
    await post(simulator, question("one"));
    await post(simulator, question("two"));
    expect([(await next).prompt, (await second).prompt]).toEqual(["one", "two"]);
    expect((await simulator.waitFor(({ at }) => at === 0)).prompt).toBe("one");
  });
});

describe("a client that leaves", () => {
  const long = question("Write 50 sentences about tides", { stream: true });

  it("stops the answer, and pays for what was written", async () => {
    const clock = new ManualClock();
    await using simulator = await startSimulator({ tokensPerSecond: 10, clock });
    const socket = openSocket(simulator, long);
    const answer = readToEnd(socket);
    const entry = await simulator.waitFor(({ events }) => events === 1);
    await clock.advance(100);
    await simulator.waitFor(({ events }) => events === 2);
    socket.destroy();
    await entry.closed;
    expect(entry).toMatchObject({ state: "closed-by-client", events: 2 });
    expect(entry.usage).toMatchObject({ completion_tokens: 2 });
    clock.move(60_000);
    await answer;
    expect(entry.events).toBe(2);
    const { json } = await get(simulator, `/generation?id=${entry.generationId}`);
    expect(json.data).toMatchObject({
      cancelled: true,
      tokens_completion: 2,
      total_cost: entry.cost,
      finish_reason: null,
    });
  });

  it("is noticed when it only half-closes", async () => {
    await using simulator = await startSimulator();
    simulator.fault("stall", { after: 1 });
    const socket = openSocket(simulator, long);
    const arrived = received(socket, "data: {");
    const answer = readToEnd(socket);
    await arrived;
    socket.end();
    const entry = await simulator.waitFor(({ state }) => state !== "open");
    expect(entry).toMatchObject({ state: "closed-by-client", events: 1 });
    expect((await answer).text).not.toContain("[DONE]");
  });

  it("is noticed when its process is killed", async () => {
    await using simulator = await startSimulator();
    simulator.fault("stall", { after: 2 });
    const code = `fetch(process.argv[1] + "/chat/completions", { method: "POST", headers: JSON.parse(process.argv[2]), body: process.argv[3] })`;
    const child = spawn(process.execPath, [
      "-e",
      code,
      simulator.baseURL,
      JSON.stringify(headers),
      JSON.stringify(long),
    ]);
    const entry = await simulator.waitFor(({ events }) => events === 2);
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(await entry.closed).toMatchObject({ state: "closed-by-client", events: 2 });
  });

  it("is noticed while a reply is delayed, before any byte", async () => {
    const clock = new ManualClock();
    await using simulator = await startSimulator({ clock });
    simulator.reply({ text: "late", delayMs: 5000 });
    const socket = openSocket(simulator, long);
    const answer = readToEnd(socket);
    const entry = await simulator.waitFor(() => true);
    socket.destroy();
    expect(await entry.closed).toMatchObject({ state: "closed-by-client", bytes: 0 });
    expect((await answer).text).toBe("");
  });
});

it("a reader that does not read stops the writer", async () => {
  await using simulator = await startSimulator();
  simulator.reply({ text: "word ".repeat(200_000) });
  const socket = openSocket(simulator, question("x", { stream: true }));
  const arrived = received(socket, "data: {");
  await arrived;
  socket.pause();
  const entry = simulator.requests[0];
  let before = -1;
  // Turns of the event loop until the writer stands still.
  while (entry && entry.events !== before) {
    before = entry.events;
    for (let turn = 0; turn < 200; turn += 1) await new Promise(setImmediate);
  }
  expect(entry?.state).toBe("open");
  expect(entry?.events).toBeLessThan(200_000);
  socket.destroy();
  expect((await entry?.closed)?.state).toBe("closed-by-client");
});

it("close ends open connections and is done once", async () => {
  const simulator = await startSimulator();
  simulator.fault("stall", { after: 1 });
  const socket = openSocket(simulator, question("x", { stream: true }));
  const answer = readToEnd(socket);
  await simulator.waitFor(({ events }) => events === 1);
  await Promise.all([simulator.close(), simulator.close()]);
  expect((await answer).text).not.toContain("[DONE]");
  await expect(fetch(simulator.baseURL)).rejects.toThrow();
});
