import { existsSync, readdirSync } from "node:fs";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { type Simulator, startSimulator } from "@signalbox/testing";
import { describe, expect, onTestFinished, test } from "vitest";
import { programsOf, runExample } from "./readme-examples.js";

const folder = fileURLToPath(new URL("../../docs/recipes/", import.meta.url));
const built = existsSync(fileURLToPath(new URL("../../packages/core/dist/index.js", import.meta.url)));
const recipes = readdirSync(folder).filter((name) => name.endsWith(".md") && name !== "README.md");

/** What the world is like in a recipe, where its text says so. */
const worlds: Record<string, (openrouter: Simulator) => Promise<Record<string, string>> | undefined> = {
  "fallbacks.md": (openrouter) => void openrouter.fault("503"),
  "logs.md": (openrouter) => void openrouter.fault("503", { times: 9 }),
  "caching.md": (openrouter) => {
    const tokens = { audio_tokens: 0, video_tokens: 0 };
    openrouter.reply({ usage: { prompt_tokens_details: { ...tokens, cached_tokens: 0, cache_write_tokens: 4_000 } } });
    openrouter.reply({ usage: { prompt_tokens_details: { ...tokens, cached_tokens: 4_000, cache_write_tokens: 0 } } });
    return undefined;
  },
  "byok.md": (openrouter) => {
    const cost = { cost: 0.00002, is_byok: true, cost_details: { upstream_inference_cost: 0.0004 } };
    openrouter.reply({ usage: cost });
    return undefined;
  },
  "proxies.md": startProxy,
};

/** A proxy for plain HTTP on this machine; the world in which a program has to use it. */
async function startProxy(openrouter: Simulator): Promise<Record<string, string>> {
  const seen: string[] = [];
  const relay = (incoming: IncomingMessage, outgoing: ServerResponse) => {
    seen.push(incoming.url ?? "");
    const { method, headers } = incoming;
    const onward = request(openrouter.baseURL.replace(/\/api.*/, "") + new URL(incoming.url ?? "").pathname, {
      method,
      headers,
    });
    onward.on("response", (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    incoming.pipe(onward);
  };
  const proxy = createServer(relay).listen(0, "127.0.0.1");
  await new Promise((resolve) => proxy.once("listening", resolve));
  onTestFinished(() => {
    expect(seen).toHaveLength(1);
    proxy.close();
  });
  const { port } = proxy.address() as AddressInfo;
  return { HTTP_PROXY: `http://127.0.0.1:${port}` };
}

// The recipes are programs of their own: they need the packages built.
describe.skipIf(!built)("the recipes", () => {
  test.each(recipes)("%s prints what it says", async (name) => {
    const openrouter = await startSimulator({ seed: 1 });
    onTestFinished(() => openrouter.close());
    const world = await worlds[name]?.(openrouter);
    const env = { OPENROUTER_API_KEY: "sk-or-v1-recipe", OPENROUTER_BASE_URL: openrouter.baseURL, ...world };
    const [program, ...others] = programsOf(`docs/recipes/${name}`);
    expect(others).toEqual([]);
    expect(await runExample(program?.code ?? "", env).output).toBe(program?.output);
  });
});
