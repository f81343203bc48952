import { readFileSync } from "node:fs";
import { Server } from "node:http";
import { stripTypeScriptTypes } from "node:module";
import type { AddressInfo } from "node:net";
import * as core from "@signalbox/core";
import express from "express";
import { afterEach, expect, onTestFinished, test, vi } from "vitest";
import * as signalboxExpress from "../src/index.js";
import { postJson, simulate } from "./serve.js";

// The type check of the same example is one of all pages.
const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
const [example = ""] = [...readme.matchAll(/^```ts\n(.*?)^```$/gms)]
  .map(([, code]) => code as string)
  .filter((code) => code.includes("openAICompatible"));

const modules: Record<string, Record<string, unknown>> = {
  express: { default: express },
  "@signalbox/core": core,
  "@signalbox/express": signalboxExpress,
};

afterEach(() => void vi.unstubAllEnvs());

/** Runs the example as it stands; its imports become the same names of the same modules. */
async function runExample() {
  const simulator = await simulate();
  vi.stubEnv("PORT", "0");
  vi.stubEnv("OPENROUTER_API_KEY", "sk-or-readme-key");
  vi.stubEnv("OPENROUTER_BASE_URL", simulator.baseURL);
  const code = stripTypeScriptTypes(example)
    .replace(/^import (\w+)[^"]* from ("[^"]+");$/gm, "const { default: $1 } = modules[$2];")
    .replace(/^import (\{[^}]+\}) from ("[^"]+");$/gm, "const $1 = modules[$2];");
  const listen = vi.spyOn(Server.prototype, "listen");
  new Function("modules", "process", code)(modules, process);
  const server = listen.mock.contexts[0] as Server;
  listen.mockRestore();
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  if (!server.listening) await new Promise((resolve) => server.once("listening", resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/llm/v1`;
  const ask = (key: string, model = "openai/gpt-4o-mini") => {
    const body = { model, messages: [{ role: "user", content: "Signals" }] };
    return postJson(`${base}/chat/completions`, body, { authorization: `Bearer ${key}` });
  };
  return { simulator, ask, base };
}

test("the example of the OpenAI-compatible router does what the page says of it", async () => {
  const { simulator, ask, base } = await runExample();
  const answer = await ask("red-key");
  expect(await answer.json()).toMatchObject({ object: "chat.completion" });
  expect(simulator.requests[0]?.json.provider).toEqual({ zdr: true });

  const refusals = await Promise.all([ask("green-key"), ask("blue-key"), ask("red-key", "mistralai/mistral-large")]);
  const codes = await Promise.all(refusals.map(async (refusal) => [refusal.status, await refusal.json()]));
  expect(codes).toMatchObject([
    [401, { error: { code: "authentication", param: null } }],
    [402, { error: { code: "budget_exceeded", param: null } }],
    [400, { error: { code: "invalid_request", param: null } }],
  ]);
  expect(Number(refusals[1]?.headers.get("retry-after"))).toBeGreaterThan(0);
  expect(simulator.requests).toHaveLength(1);

  const list = await fetch(`${base}/models`, { headers: { authorization: "Bearer red-key" } });
  const { data } = (await list.json()) as { data: { id: string }[] };
  expect(data.length).toBeGreaterThan(1);
  expect(data.filter(({ id }) => !/^openai\/|^anthropic\/claude-3-haiku$/.test(id))).toEqual([]);
});
