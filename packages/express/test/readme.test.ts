import { readFileSync } from "node:fs";
import { Server } from "node:http";
import type { AddressInfo } from "node:net";
import * as core from "@signalbox/core";
import express from "express";
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from "vitest";
import * as signalboxExpress from "../src/index.js";
import { postJson, simulate } from "./serve.js";

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
const examples = [...readme.matchAll(/^```js\n(.*?)^```$/gms)].map(([, code]) => code as string);

const modules: Record<string, Record<string, unknown>> = {
  express: { default: express },
  "@signalbox/core": core,
  "@signalbox/express": signalboxExpress,
};
const AsyncFunction = Object.getPrototypeOf(async () => {}).constructor as new (
  ...code: string[]
) => (of: unknown) => Promise<void>;

beforeEach(async () => {
  vi.stubEnv("PORT", "0");
  vi.stubEnv("OPENROUTER_API_KEY", "sk-or-readme-key");
  vi.stubEnv("OPENROUTER_BASE_URL", (await simulate()).baseURL);
});
afterEach(() => {
  vi.unstubAllEnvs();
});

/** Runs an example as it stands; its imports become the same names of the same modules. */
async function run(code: string): Promise<string> {
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
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test("has three examples, and the first has ten lines at most", () => {
  expect(examples).toHaveLength(3);
  const lines = examples[0]?.split("\n").filter((line) => line !== "" && !line.startsWith("//"));
  expect(lines?.length).toBeLessThanOrEqual(10);
});

test("the chat answers as JSON and as a stream", async () => {
  const origin = await run(examples[0] as string);
  const answer = await postJson(`${origin}/chat`, { prompt: "Signals and boxes" });
  expect(await answer.json()).toMatchObject({
    text: expect.stringContaining("Signals"),
    cost: { usd: expect.any(Number) },
  });
  const stream = await postJson(`${origin}/chat`, { prompt: "Signals and boxes", stream: true });
  expect(await stream.text()).toMatch(/data: \[DONE\]\n\n$/);
  expect((await postJson(`${origin}/chat`, { prompt: "Hi", model: "openai/gpt-4o" })).status).toBe(400);
});

test("the OpenAI-compatible router lets in whoever has a key", async () => {
  const origin = await run(examples[1] as string);
  const body = { model: "openai/gpt-4o-mini", messages: [{ role: "user", content: "Signals" }] };
  const answer = await postJson(`${origin}/v1/chat/completions`, body, { authorization: "Bearer team-key" });
  expect(await answer.json()).toMatchObject({ object: "chat.completion" });
  expect((await postJson(`${origin}/v1/chat/completions`, body)).status).toBe(401);
});

test("the pipeline runs", async () => {
  const origin = await run(examples[2] as string);
  const text = await (await postJson(`${origin}/decks`, { topic: "Signals" })).text();
  expect(text).toContain('"step":"title","status":"completed"');
  expect(text).toMatch(/data: \[DONE\]\n\n$/);
});
