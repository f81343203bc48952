import { once } from "node:events";
import { connect } from "node:net";
import { RequestMethod, VersioningType } from "@nestjs/common";
import { LLMClient } from "@signalbox/core";
import { scriptedProvider } from "@signalbox/core/testing";
import { startSimulator } from "@signalbox/testing";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { LLMModule } from "../src/index.js";
import { platforms, start } from "./application.js";
import { metadata, scope } from "./articles-application.js";
import { type HeldProvider, heldProvider } from "./held-provider.js";
import { post } from "./http.js";

/**
 * Asks and goes away; the body comes in a packet of its own, so that a framework has to wait for it. Gives the signals
 * of the calls it led to, once the first of them has been aborted.
 */
async function askAndLeave(url: string, provider: HeldProvider, calls = 1): Promise<readonly AbortSignal[]> {
  const { hostname, port, pathname } = new URL(url);
  const socket = connect(Number(port), hostname);
  onTestFinished(() => void socket.destroy());
  await once(socket, "connect");
  const head = ["host: x", "content-type: application/json", "content-length: 2", "expect: 100-continue"];
  socket.write(`POST ${pathname} HTTP/1.1\r\n${head.join("\r\n")}\r\n\r\n`);
  await once(socket, "data");
  socket.write("{}");
  await provider.calls(calls);
  expect(provider.signals.map(({ aborted }) => aborted)).not.toContain(true);
  const aborted = once(provider.signals[0] as AbortSignal, "abort");
  socket.destroy();
  await aborted;
  return provider.signals;
}

describe.each(platforms)("on %s", (platform) => {
  test.each(["articles", "guarded"])("a singleton three deep is aborted with its request (%s)", async (path) => {
    const provider = heldProvider();
    const { url } = await start(platform, metadata(provider));
    const [signal] = await askAndLeave(`${url}/${path}`, provider);
    expect(signal?.aborted).toBe(true);
  });

  test("its calls are charged to whom the guards have found", async () => {
    const provider = scriptedProvider(["x"]);
    const { url } = await start(platform, metadata(provider, { scope }));
    for (const path of ["articles", "plain$", "deferred$", "short", "for-request"]) {
      await (await post(`${url}/${path}`, {}, { "x-user": `user of ${path}` })).text();
    }
    expect(provider.requests.map(({ user }) => user)).toEqual([
      "user of articles",
      "user of plain$",
      "user of deferred$",
      "user of short",
      "user of for-request",
    ]);
    expect(provider.requests[3]).toMatchObject({ max_tokens: 5 });
  });

  test("a feature's forRequest charges as its parent does, also without the request context", async () => {
    const provider = scriptedProvider(["x"]);
    const { url } = await start(platform, metadata(provider, { scope, context: false }));
    await (await post(`${url}/short-for-request`, {}, { "x-user": "someone" })).text();
    expect(provider.requests[0]).toMatchObject({ user: "someone", max_tokens: 5 });
  });

  test("a request whose context was not lost is entered once", async () => {
    const client = new LLMClient({ provider: scriptedProvider(["x"]), env: false });
    const run = vi.spyOn(client, "run");
    const options = metadata(scriptedProvider());
    options.imports = [LLMModule.forRoot({ client }), LLMModule.forFeature([{ name: "short" }])];
    const { url } = await start(platform, options);
    expect(await (await fetch(url)).text()).toBe("x");
    expect(run).toHaveBeenCalledTimes(1);
  });

  test("requests that run at the same time do not mix", async () => {
    const provider = scriptedProvider(["x"]);
    const { url } = await start(platform, metadata(provider, { scope }));
    const users = Array.from({ length: 20 }, (_, index) => `user-${index}`);
    await Promise.all(
      users.map((user) => post(`${url}/articles`, {}, { "x-user": user }).then((response) => response.text())),
    );
    expect(provider.requests.map(({ user }) => user).sort()).toEqual(users.sort());
  });

  test.each(["from$", "deferred$", "streamed", "articles"])(
    "S43 200 interleaved users are charged exactly, behind interceptors and inside promises (%s)",
    { timeout: 60_000 },
    async (path) => {
      const openrouter = await startSimulator();
      onTestFinished(() => openrouter.close());
      const client = new LLMClient({
        apiKey: "sk-or-test",
        baseURL: openrouter.baseURL,
        model: "openai/gpt-4o-mini",
        env: false,
      });
      onTestFinished(() => client.close());
      const options = metadata(scriptedProvider());
      options.imports = [LLMModule.forRoot({ client, scope }), LLMModule.forFeature([{ name: "short" }])];
      const { url } = await start(platform, options);
      const users = Array.from({ length: 200 }, (_, index) => `user-${String(index).padStart(3, "0")}`);
      const statuses = await Promise.all(
        users.map(async (user) => {
          const answer = await post(`${url}/${path}`, {}, { "x-user": user });
          await answer.text();
          return answer.status;
        }),
      );
      expect(new Set(statuses).size).toBe(1);
      await client.settled();
      const calls = path === "from$" || path === "streamed" ? 2 : 1;
      const billed = new Map(users.map((user) => [user, { requests: 0, totalTokens: 0, usd: 0 }]));
      for (const { json, usage, cost } of openrouter.requests) {
        const sum = billed.get(String(json.user)) as { requests: number; totalTokens: number; usd: number };
        sum.requests += 1;
        sum.totalTokens += Number(usage?.total_tokens);
        sum.usd += cost ?? Number.NaN;
      }
      const charged = client.usage.byUser({ limit: 1_000 });
      expect(charged).toHaveLength(200);
      for (const { user, requests, totalTokens, usd } of charged) {
        expect({ user, requests, totalTokens, usd: usd.toFixed(12) }).toEqual({
          user,
          requests: calls,
          totalTokens: billed.get(user)?.totalTokens,
          usd: billed.get(user)?.usd.toFixed(12),
        });
      }
    },
  );

  test("settings made at boot may have a scope", async () => {
    const provider = scriptedProvider(["x"]);
    const options = metadata(provider);
    options.imports = [
      LLMModule.forRootAsync({ useFactory: () => ({ provider, env: false as const, scope }) }),
      LLMModule.forFeature([{ name: "short" }]),
    ];
    const { url } = await start(platform, options);
    await (await post(`${url}/articles`, {}, { "x-user": "someone" })).text();
    expect(provider.requests[0]?.user).toBe("someone");
  });

  test("context: false switches that off, and leaves forRequest", async () => {
    const provider = heldProvider();
    const { url } = await start(platform, metadata(provider, { context: false }));
    const [bound, free] = await askAndLeave(`${url}/bound-and-free`, provider, 2);
    expect([bound?.aborted, free?.aborted]).toEqual([true, false]);
    provider.finish();
  });

  test("routes with versions, outside of the global prefix and at the root have it, too", async () => {
    const provider = heldProvider();
    const { url } = await start(platform, metadata(provider), {
      configure: (app) => {
        app.setGlobalPrefix("api", { exclude: [{ path: "/", method: RequestMethod.GET }] });
        app.enableVersioning({ type: VersioningType.URI, defaultVersion: "1" });
      },
    });
    for (const [index, route] of [
      ["GET", "v1"],
      ["POST", "api/v1/articles"],
    ].entries()) {
      const leaving = new AbortController();
      const asking = fetch(`${url}/${route[1]}`, { method: route[0] ?? "", signal: leaving.signal }).catch(() => {});
      await provider.calls(index + 1);
      const signal = provider.signals[index] as AbortSignal;
      leaving.abort();
      if (!signal.aborted) await once(signal, "abort");
      await asking;
      expect(signal.aborted).toBe(true);
    }
  });
});
