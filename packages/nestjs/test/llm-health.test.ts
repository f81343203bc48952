import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Controller, Get, Inject } from "@nestjs/common";
import { HealthCheck, HealthCheckService, TerminusModule } from "@nestjs/terminus";
import { ConnectionError } from "@signalbox/core";
import { scriptedProvider } from "@signalbox/core/testing";
import { startSimulator } from "@signalbox/testing";
import { describe, expect, onTestFinished, test } from "vitest";
import { LLMModule, type LLMModuleSettings } from "../src/index.js";
import { type LLMHealthCheckOptions, LLMHealthIndicator } from "../src/terminus/index.js";
import { boot, type Platform, platforms, start } from "./application.js";

async function simulate(options: Parameters<typeof startSimulator>[0] = {}) {
  const openrouter = await startSimulator(options);
  onTestFinished(() => openrouter.close());
  return openrouter;
}

function settingsFor(baseURL: string): LLMModuleSettings {
  return { apiKey: "sk-or-secret", baseURL, env: false };
}

async function indicatorOf(...registrations: (LLMModuleSettings & { name?: string })[]) {
  const module = await boot({
    imports: [TerminusModule, ...registrations.map((each) => LLMModule.forRoot(each))],
    providers: [LLMHealthIndicator],
  });
  return module.get(LLMHealthIndicator);
}

/** A server that answers GET /models with a status, and counts. */
async function compatibleServer(status: () => number) {
  const asked: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.writeHead(status(), { "content-type": "application/json" }).end('{"data":[]}');
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return { baseURL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, asked };
}

const healthOn = async (platform: Platform, settings: LLMModuleSettings, options: LLMHealthCheckOptions = {}) => {
  @Controller("health")
  class HealthController {
    constructor(
      @Inject(HealthCheckService) private readonly health: HealthCheckService,
      @Inject(LLMHealthIndicator) private readonly llm: LLMHealthIndicator,
    ) {}

    @Get()
    @HealthCheck()
    check() {
      return this.health.check([() => this.llm.isHealthy("openrouter", options)]);
    }
  }
  const { url } = await start(platform, {
    imports: [TerminusModule, LLMModule.forRoot(settings)],
    controllers: [HealthController],
    providers: [LLMHealthIndicator],
  });
  return `${url}/health`;
};

describe.each(platforms)("on %s, the health check", (platform) => {
  test("is 200 while the key works, asked once for everybody, and costs nothing", async () => {
    const openrouter = await simulate();
    const url = await healthOn(platform, settingsFor(openrouter.baseURL));
    const answers = await Promise.all([fetch(url), fetch(url)]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(await answers[0]?.json()).toMatchObject({
      status: "ok",
      info: { openrouter: { status: "up", provider: "openrouter" } },
    });
    await (await fetch(url)).text();
    expect(openrouter.requests.map(({ path }) => path)).toEqual(["/key"]);
  });

  test("is 503 while upstream refuses the key, and tells nothing but the code", async () => {
    const openrouter = await simulate({ keys: ["another"] });
    const url = await healthOn(platform, settingsFor(openrouter.baseURL));
    const answer = await fetch(url);
    expect(answer.status).toBe(503);
    expect(((await answer.json()) as { error: unknown }).error).toEqual({
      openrouter: { status: "down", provider: "openrouter", code: "authentication", retryable: false },
    });
  });

  test("goes on for everybody when the first who asked leaves", async () => {
    const openrouter = await simulate();
    const held = Promise.withResolvers<void>();
    const asked = Promise.withResolvers<void>();
    const probe = async () => {
      asked.resolve();
      await held.promise;
    };
    const url = await healthOn(platform, settingsFor(openrouter.baseURL), { probe });
    const leaving = new AbortController();
    const first = fetch(url, { signal: leaving.signal });
    first.catch(() => {});
    await asked.promise;
    const second = fetch(url);
    leaving.abort();
    held.resolve();
    expect((await second).status).toBe(200);
  });
});

describe("LLMHealthIndicator", () => {
  test("says why a key with nothing left is down", async () => {
    const openrouter = await simulate({ credits: 0 });
    const indicator = await indicatorOf(settingsFor(openrouter.baseURL));
    expect(await indicator.isHealthy("llm")).toMatchObject({ llm: { status: "down", code: "insufficient_credits" } });
  });

  test.each([
    [200, { status: "up", provider: "custom" }],
    [503, { status: "down", provider: "custom", code: "provider_error", retryable: true }],
  ])("asks a compatible server for its models (%i)", async (status, expected) => {
    const server = await compatibleServer(() => status);
    const settings: LLMModuleSettings = {
      provider: "custom",
      baseURL: server.baseURL,
      model: "llama",
      env: false,
      retry: false,
    };
    const indicator = await indicatorOf(settings);
    expect(await indicator.isHealthy("ollama")).toEqual({ ollama: expected });
    expect(server.asked).toEqual(["GET /v1/models"]);
  });

  test("a server that is away is down with `connection`", async () => {
    const openrouter = await startSimulator();
    await openrouter.close();
    const indicator = await indicatorOf(settingsFor(openrouter.baseURL));
    expect(await indicator.isHealthy("llm")).toMatchObject({ llm: { status: "down", code: "connection" } });
  });

  test("one that does not answer in time is down with `timeout`", async () => {
    const openrouter = await simulate();
    openrouter.fault("stall-before-headers", { when: ({ path }) => path === "/key" });
    const indicator = await indicatorOf(settingsFor(openrouter.baseURL));
    expect(await indicator.isHealthy("llm", { timeoutMs: 20 })).toMatchObject({
      llm: { status: "down", code: "timeout" },
    });
  });

  test("a provider of your own is up where it has nothing that could be asked", async () => {
    const indicator = await indicatorOf({ provider: scriptedProvider(), env: false });
    expect(await indicator.isHealthy("llm")).toEqual({ llm: { status: "up", provider: "scripted" } });
  });

  test("looks at named clients apart, again when it is told to, and at a failure soon", async () => {
    const server = await compatibleServer(() => 200);
    const openrouter = await simulate();
    const indicator = await indicatorOf(settingsFor(openrouter.baseURL), {
      name: "local",
      provider: "custom",
      baseURL: server.baseURL,
      model: "llama",
      env: false,
    });
    await indicator.isHealthy("cloud");
    for (let turn = 0; turn < 2; turn++) await indicator.isHealthy("local", { client: "local", cacheMs: 0 });
    expect(openrouter.requests).toHaveLength(1);
    expect(server.asked).toHaveLength(2);
  });

  test("one check does not answer for another", async () => {
    const indicator = await indicatorOf({ provider: scriptedProvider(), env: false });
    const probe = () => Promise.reject(new ConnectionError("connection", "away"));
    expect(await indicator.isHealthy("mine", { probe })).toMatchObject({ mine: { status: "down" } });
    expect(await indicator.isHealthy("llm")).toMatchObject({ llm: { status: "up" } });
  });

  test("one key of two clients has an answer for each", async () => {
    const other = { name: "b", provider: { ...scriptedProvider(), name: "other" }, env: false as const };
    const indicator = await indicatorOf({ provider: scriptedProvider(), env: false }, other);
    expect(await indicator.isHealthy("llm")).toMatchObject({ llm: { provider: "scripted" } });
    expect(await indicator.isHealthy("llm", { client: "b" })).toMatchObject({ llm: { provider: "other" } });
  });

  test("a probe of your own that does not end is down with `timeout`, too", async () => {
    const indicator = await indicatorOf({ provider: scriptedProvider(), env: false });
    const told = await indicator.isHealthy("llm", { timeoutMs: 20, probe: () => new Promise(() => {}) });
    expect(told).toMatchObject({ llm: { status: "down", code: "timeout" } });
  });

  test("a probe of your own decides; what it says stays inside", async () => {
    const indicator = await indicatorOf({ provider: scriptedProvider(), env: false });
    const failing = (error: Error) => () => {
      throw error;
    };
    const first = await indicator.isHealthy("llm", { probe: failing(new Error("secret")), cacheMs: 0 });
    expect(first).toEqual({ llm: { status: "down", provider: "scripted", code: "internal" } });
    const second = await indicator.isHealthy("llm", {
      probe: failing(new ConnectionError("connection", "secret")),
      cacheMs: 0,
    });
    expect(second).toEqual({ llm: { status: "down", provider: "scripted", code: "connection", retryable: true } });
  });
});
