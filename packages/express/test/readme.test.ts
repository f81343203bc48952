import { readFileSync } from "node:fs";
import { Server } from "node:http";
import type { AddressInfo } from "node:net";
import * as core from "@signalbox/core";
import * as node from "@signalbox/core/node";
import type { Simulator } from "@signalbox/testing";
import express from "express";
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from "vitest";
import * as signalboxExpress from "../src/index.js";
import { postJson, simulate } from "./serve.js";

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
const examples = [...readme.matchAll(/^```js\n(.*?)^```$/gms)].map(([, code]) => code as string);

const modules: Record<string, Record<string, unknown>> = {
  express: { default: express },
  "@signalbox/core": core,
  "@signalbox/core/node": node,
  "@signalbox/express": signalboxExpress,
};
const AsyncFunction = Object.getPrototypeOf(async () => {}).constructor as new (
  ...code: string[]
) => (of: unknown) => Promise<void>;

let simulator: Simulator;

beforeEach(async () => {
  simulator = await simulate();
  vi.stubEnv("PORT", "0");
  vi.stubEnv("OPENROUTER_API_KEY", "sk-or-readme-key");
  vi.stubEnv("OPENROUTER_BASE_URL", simulator.baseURL);
});
afterEach(() => {
  vi.unstubAllEnvs();
});

/** Runs an example as it stands; its imports become the same names of the same modules. */
async function run(code: string): Promise<{ origin: string; server: Server }> {
  const body = code
    .replace(/^import (\w+) from ("[^"]+");$/gm, "const { default: $1 } = modules[$2];")
    .replace(/^import (\{[^}]+\}) from ("[^"]+");$/gm, "const $1 = modules[$2];");
  const listen = vi.spyOn(Server.prototype, "listen");
  await new AsyncFunction("modules", body)(modules);
  const server = listen.mock.contexts[0] as Server;
  listen.mockRestore();
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  if (!server.listening) await new Promise((resolve) => server.once("listening", resolve));
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

test("has seven examples, and the first has ten lines at most", () => {
  expect(examples).toHaveLength(7);
  const lines = examples[0]?.split("\n").filter((line) => line !== "" && !line.startsWith("//"));
  expect(lines?.length).toBeLessThanOrEqual(10);
});

test("the chat answers as JSON and as a stream", async () => {
  const { origin } = await run(examples[0] as string);
  const answer = await postJson(`${origin}/chat`, { prompt: "Signals and boxes" });
  expect(await answer.json()).toMatchObject({
    text: expect.stringContaining("Signals"),
    cost: { usd: expect.any(Number) },
  });
  const stream = await postJson(`${origin}/chat`, { prompt: "Signals and boxes", stream: true });
  expect(await stream.text()).toMatch(/data: \[DONE\]\n\n$/);
  expect((await postJson(`${origin}/chat`, { prompt: "Hi", model: "openai/gpt-4o" })).status).toBe(400);
});

test("a service is charged to its request's user, up to the budget", async () => {
  const { origin } = await run(examples[1] as string);
  simulator.reply({ text: "Short.", usage: { cost: 0.75 } }, { text: "Short.", usage: { cost: 0.75 } });
  const ask = (user: string) => postJson(`${origin}/summaries`, { text: "A long text" }, { "x-user": user });
  expect(await (await ask("ann")).json()).toEqual({ summary: "Short." });
  await ask("ann");
  const refused = await ask("ann");
  expect(refused.status).toBe(402);
  expect(await refused.json()).toMatchObject({ error: { code: "budget_exceeded" } });
  expect((await ask("bob")).status).toBe(200);
  const story = await fetch(`${origin}/stories`, { headers: { "x-user": "bob" } });
  expect(story.headers.get("content-type")).toBe("text/plain; charset=utf-8");
  expect(await story.text()).not.toBe("");
});

test("SIGTERM lets the answer under way end, and then the server closes", async () => {
  const { origin, server } = await run(examples[2] as string);
  simulator.fault("slow", { delayMs: 5, everyMs: 1 });
  const arrival = simulator.nextRequest();
  const answer = postJson(`${origin}/chat`, { prompt: "Signals", stream: true });
  await arrival;
  const closed = new Promise((resolve) => server.once("close", () => resolve("closed")));
  // The example's own, not what the test runner has set.
  const [onSignal] = process.listeners("SIGTERM").slice(-1);
  process.off("SIGTERM", onSignal as NodeJS.SignalsListener);
  onSignal?.("SIGTERM");
  expect(await (await answer).text()).toMatch(/data: \[DONE\]\n\n$/);
  expect(await closed).toBe("closed");
});

test("the chat that survives its connection is followed by its owner, and by nobody else", async () => {
  const { origin } = await run(examples[3] as string);
  const answer = await postJson(`${origin}/chat`, { prompt: "Signals" }, { "x-user": "ann" });
  const text = await answer.text();
  const address = origin + answer.headers.get("location");
  const follow = (user: string) => fetch(address, { headers: { "x-user": user, "last-event-id": "1" } });
  expect(await (await follow("ann")).text()).toBe(text.slice(text.indexOf("id: 2\n")));
  expect((await follow("eve")).status).toBe(404);
});

test("the story that was detached from its request is followed and stopped", async () => {
  const { origin } = await run(examples[4] as string);
  const answer = await fetch(`${origin}/stories`, { method: "POST" });
  const text = await answer.text();
  const address = origin + answer.headers.get("location");
  expect(text).toMatch(/^id: 1\n.*data: \[DONE\]\n\n$/s);
  expect(await (await fetch(address)).text()).toBe(text);
  expect((await fetch(address, { method: "DELETE" })).status).toBe(204);
  expect((await fetch(`${origin}/stories/unknown`)).status).toBe(404);
});

test("the OpenAI-compatible router lets in whoever has a key", async () => {
  const { origin } = await run(examples[5] as string);
  const body = { model: "openai/gpt-4o-mini", messages: [{ role: "user", content: "Signals" }] };
  const answer = await postJson(`${origin}/v1/chat/completions`, body, { authorization: "Bearer team-key" });
  expect(await answer.json()).toMatchObject({ object: "chat.completion" });
  expect((await postJson(`${origin}/v1/chat/completions`, body)).status).toBe(401);
});

test("the pipeline runs", async () => {
  const { origin } = await run(examples[6] as string);
  const text = await (await postJson(`${origin}/decks`, { topic: "Signals" })).text();
  expect(text).toContain('"step":"title","status":"completed"');
  expect(text).toMatch(/data: \[DONE\]\n\n$/);
});
