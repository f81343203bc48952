import { inspect } from "node:util";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { KEY, refusal, resolve } from "../../test/resolved-options.js";
import { resolveClocks, resolveRetry } from "../generate/call-defaults.js";
import { checkScope } from "./option-checks.js";
import { resolveClientOptions } from "./resolve-options.js";

describe("proxies", () => {
  const PROXY = { HTTPS_PROXY: "http://user:PASSWORD@proxy.example:3128" };

  /** Node as it was before its agents took `proxyEnv`. */
  function withoutProxies() {
    const load = process.getBuiltinModule;
    vi.spyOn(process, "getBuiltinModule").mockImplementation(((name: string) =>
      name === "node:http" ? { Agent: class {} } : load(name)) as typeof load);
    onTestFinished(() => void vi.restoreAllMocks());
  }

  test("proxies come from env alone: an object's own, with false none", () => {
    vi.stubEnv("HTTPS_PROXY", "http://process.example:1");
    onTestFinished(() => void vi.unstubAllEnvs());
    expect(resolveClientOptions({ apiKey: KEY, env: false }).proxies).toEqual({});
    expect(resolve({ ...PROXY, NO_PROXY: "x.example" }).proxies).toEqual({ ...PROXY, NO_PROXY: "x.example" });
    expect(resolve({}).proxies).toEqual({});
    expect(resolveClientOptions({ apiKey: KEY }).proxies).toMatchObject({ HTTPS_PROXY: "http://process.example:1" });
  });

  test("no credentials of a proxy are shown", () => {
    const options = resolve(PROXY);
    expect(options.proxies.HTTPS_PROXY).toContain("PASSWORD");
    expect(JSON.stringify(options) + inspect(options, { depth: 10 })).not.toContain("PASSWORD");
  });

  test("a proxy that this Node would pass by is refused, together with other mistakes", () => {
    withoutProxies();
    const { code, detail } = refusal({ apiKey: KEY, env: PROXY, temperature: 9 });
    expect(code).toBe("invalid_config");
    for (const text of ["temperature is 9", "HTTPS_PROXY is set", "22.21", "24.5", "`dispatcher`", "`fetch`"])
      expect(detail).toContain(text);
    expect(detail).not.toContain("PASSWORD");
  });

  test("a proxy that does not stand before the base URL, or a transport of the caller's own, is fine on any Node", () => {
    withoutProxies();
    expect(resolve({ ...PROXY, no_proxy: ".ai" }).providerName).toBe("openrouter");
    expect(resolve(PROXY, { baseURL: "http://127.0.0.1:9/v1" }).providerName).toBe("openrouter");
    expect(resolve(PROXY, { fetch: async () => new Response() }).providerName).toBe("openrouter");
    expect(resolve(PROXY, { dispatcher: { dispatch() {} } }).providerName).toBe("openrouter");
  });
});

describe("settings", () => {
  test("S6 the default model is the guide's; an empty variable counts as unset", () => {
    expect(resolve({ OPENROUTER_MODEL: "" }).model).toBe("anthropic/claude-3-haiku:beta");
    expect(resolve({ OPENROUTER_MODEL: "openai/gpt-4o" }).model).toBe("openai/gpt-4o");
    expect(resolve({ OPENROUTER_MODEL: "openai/gpt-4o" }, { model: "a/b" }).model).toBe("a/b");
  });

  test("S21 TEMPERATURE from 0 to 2, and 0 is honoured", () => {
    expect(resolve({ TEMPERATURE: "0" }).temperature).toBe(0);
    expect(resolve({ TEMPERATURE: "0.7" }).temperature).toBe(0.7);
    expect(resolve({ TEMPERATURE: "0.7" }, { temperature: 0 }).temperature).toBe(0);
    expect(resolve({}).temperature).toBeUndefined();
    for (const value of ["2.1", "-0.1", "abc", "0x1", "Infinity", "1e0"]) {
      const error = refusal({ env: { TEMPERATURE: value, OPENROUTER_API_KEY: KEY } });
      expect(error.detail).toContain("TEMPERATURE");
      expect(error.detail).toContain(value);
      expect(error.detail).toContain("0 to 2");
    }
    expect(resolve({ TEMPERATURE: "abc" }, { temperature: 1 }).temperature).toBe(1);
  });

  test("S22 MAX_TOKENS is an integer of 1 or more", () => {
    expect(resolve({ MAX_TOKENS: "2000" }).maxTokens).toBe(2_000);
    for (const value of ["0", "1.5", "abc", "-3"]) {
      expect(refusal({ env: { MAX_TOKENS: value, OPENROUTER_API_KEY: KEY } }).detail).toContain(
        "an integer of 1 or more",
      );
    }
  });

  test("S23 DISABLE_THINKING has three states", () => {
    expect(resolve({}).disableThinking).toBeUndefined();
    expect(resolve({ DISABLE_THINKING: "TRUE" }).disableThinking).toBe(true);
    expect(resolve({ DISABLE_THINKING: "false" }).disableThinking).toBe(false);
    expect(resolve({ DISABLE_THINKING: "false" }, { disableThinking: true }).disableThinking).toBe(true);
    expect(refusal({ env: { DISABLE_THINKING: "maybe", OPENROUTER_API_KEY: KEY } }).detail).toContain("true or false");
  });

  test("names for the application are one line", () => {
    expect(resolve({ OPENROUTER_APP_NAME: "Deck", OPENROUTER_APP_URL: "https://deck.example" })).toMatchObject({
      appName: "Deck",
      appUrl: "https://deck.example",
    });
    expect(refusal({ apiKey: KEY, appName: "a\r\nx-evil: 1" }).detail).toContain("appName has control characters");
    expect(refusal({ apiKey: KEY, appUrl: 5 }).detail).toContain("appUrl");
  });

  test("base URLs are http or https, without credentials or query", () => {
    expect(resolve({ OPENROUTER_BASE_URL: "http://127.0.0.1:8080/api/v1///" }).baseURL).toBe(
      "http://127.0.0.1:8080/api/v1",
    );
    for (const baseURL of ["ftp://x", "localhost:11434", "", "nonsense", "https://x/?key=1", "https://x/#y"]) {
      expect(refusal({ apiKey: KEY, baseURL }).detail, baseURL).toContain("baseURL");
    }
    const secret = refusal({ apiKey: KEY, baseURL: "https://me:PASSWORD@x.example/v1" });
    expect(inspect(secret)).not.toContain("PASSWORD");
    expect(refusal({ apiKey: KEY, baseURL: "https://x/v1?key=PASSWORD" }).detail).not.toContain("PASSWORD");
  });

  test("objects of the caller's own that lack a method are told with all other mistakes", () => {
    const { code, detail } = refusal({
      apiKey: KEY,
      temperature: 9,
      dispatcher: {},
      budgetStore: { reserve() {} },
      limitStore: {},
      clock: null,
    });
    expect(code).toBe("invalid_config");
    for (const text of [
      "temperature is 9",
      "dispatcher must be an undici Dispatcher",
      "budgetStore is an object without `settle`, `release`",
      "limitStore is an object without `take`",
      "clock is null",
    ]) {
      expect(detail).toContain(text);
    }
  });

  test("an env or a base URL of another type is a mistake like any other", () => {
    expect(refusal({ apiKey: KEY, env: null }).detail).toContain("env is null");
    expect(refusal({ apiKey: KEY, baseURL: 5 }).detail).toContain("baseURL is 5");
    const provider = { name: "mine", chat() {}, chatStream() {} };
    expect(refusal({ provider, baseURL: 5 }).detail).toContain("baseURL is 5");
  });

  test("every mistake of nested options is told in one error", () => {
    const { detail } = refusal({
      apiKey: KEY,
      max_tokens: 5,
      routing: { allow_fallbacks: true, order: "azure", sort: 5, maxPrice: { prompt: "1" }, preferredMaxLatency: -1 },
      policy: { zdr: 1, dataCollection: "allow" },
      retry: { maxRetries: -1, maxRetry: 2 },
      timeouts: { idleMs: Number.NaN, connectMs: Number.POSITIVE_INFINITY },
      limits: { requestsPerMinute: 0.5, onLimit: "later" },
      budget: [{ usd: -1, per: "week" }, {}],
      models: { refresh: 1 },
      fetch: 3,
      logger: 4,
    });
    for (const text of [
      'unknown key "max_tokens" in client options; did you mean "maxTokens"?',
      'unknown key "allow_fallbacks" in routing; did you mean "allowFallbacks"?',
      "routing.order",
      "routing.sort is 5",
      'routing.maxPrice has "prompt"',
      "routing.preferredMaxLatency is -1",
      "policy.zdr is 1",
      'policy.dataCollection is "allow"',
      "retry.maxRetries is -1",
      'unknown key "maxRetry" in retry',
      "timeouts.idleMs is NaN",
      "timeouts.connectMs is Infinity",
      "limits.requestsPerMinute is 0.5",
      'limits.onLimit is "later"',
      "budget[0].usd is -1",
      'budget[0].per is "week"',
      "budget[1].usd is not set",
      'unknown key "refresh" in models',
      "fetch is 3",
      "logger is 4",
    ]) {
      expect(detail).toContain(text);
    }
  });

  test("null is a mistake, undefined is absent", () => {
    for (const name of ["routing", "retry", "limits", "budget", "timeouts", "policy", "model", "temperature"]) {
      expect(refusal({ apiKey: KEY, [name]: null }).detail, name).toContain(name);
      expect(resolve({}, { [name]: undefined }).providerName).toBe("openrouter");
    }
  });

  test("retries merge key by key, and false switches off what came before", () => {
    expect(resolve({}).retry).toEqual({ maxRetries: 2, baseDelayMs: 500, maxDelayMs: 8_000, maxTotalMs: 30_000 });
    expect(resolveRetry({ maxRetries: 5 }, { baseDelayMs: 1, maxRetries: undefined })).toMatchObject({
      maxRetries: 5,
      baseDelayMs: 1,
    });
    expect(resolveRetry({ maxRetries: 5 }, false)).toBe(false);
    expect(resolveRetry(false, { maxRetries: 1 })).toMatchObject({ maxRetries: 1, maxDelayMs: 8_000 });
  });

  test("clocks merge key by key; the first token has no clock in streams", () => {
    expect(resolveClocks(true)).toEqual({ connectMs: 10_000, firstTokenMs: 0, idleMs: 60_000, totalMs: 0 });
    expect(resolveClocks(false, { idleMs: 5 }, undefined, { totalMs: 9, idleMs: undefined })).toEqual({
      connectMs: 10_000,
      firstTokenMs: 600_000,
      idleMs: 5,
      totalMs: 9,
    });
  });

  test("a scope is checked as a client is", () => {
    expect(() => checkScope({ user: "ann", maxTokens: 5, limits: false })).not.toThrow();
    expect(() => checkScope({ apiKey: "`key`" })).toThrow(
      expect.objectContaining({ detail: expect.stringContaining("apiKey is not a valid API key") }),
    );
    const bad = { usr: "ann", apiKey: "", temperature: 9 } as object;
    expect(() => checkScope(bad)).toThrow(
      expect.objectContaining({
        code: "invalid_request",
        detail: expect.stringMatching(/"usr".*"user".*apiKey.*temperature is 9/),
      }),
    );
    for (const [given, word] of [
      [undefined, "a scope is an object"],
      [null, "a scope is an object"],
      [{ metadata: "abc" }, "metadata is a text"],
      [{ metadata: { a: 5 } }, 'metadata has "a"'],
      [{ signal: {} }, "signal is an object; allowed is an AbortSignal"],
      [{ signal: null }, "signal is null"],
    ] as const) {
      expect(() => checkScope(given as object)).toThrow(
        expect.objectContaining({ code: "invalid_request", detail: expect.stringContaining(word) }),
      );
    }
  });

  test("options are not changed by what the caller does to them later", () => {
    const timeouts = { idleMs: 5 };
    const budget = [{ usd: 1, per: "day" as const }];
    const options = resolve({}, { timeouts, budget });
    timeouts.idleMs = 7;
    budget.pop();
    expect([options.timeouts.idleMs, options.budgets.length]).toEqual([5, 1]);
  });
});
