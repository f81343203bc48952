import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { KEY, refusal, resolve } from "../../test/resolved-options.js";
import { keyHash } from "../limits/key-hash.js";
import type { LLMProvider } from "../provider/llm-provider.js";
import { resolveClientOptions } from "./resolve-options.js";

describe("choosing a provider", () => {
  test("S4 LLM selects it, trimmed and in any case; unset is openrouter", () => {
    expect(resolve({}).providerName).toBe("openrouter");
    expect(resolve({ LLM: "  OpenRouter " }).providerName).toBe("openrouter");
    expect(resolve({ LLM: "OPENAI", OPENAI_API_KEY: "sk-x1", OPENAI_MODEL: "gpt-4o" })).toMatchObject({
      providerName: "openai",
      baseURL: "https://api.openai.com/v1",
      model: "gpt-4o",
    });
    expect(resolve({ LLM: "openai" }, { provider: "openrouter" }).providerName).toBe("openrouter");
  });

  test("S4 an unknown value lists the valid ones", () => {
    const error = refusal({ env: { LLM: "openruter", OPENROUTER_API_KEY: KEY } });
    expect(error).toMatchObject({ name: "ConfigurationError", code: "invalid_config", status: 400 });
    expect(error.detail).toContain("openrouter, openai, custom");
    expect(error.detail).toContain('did you mean "openrouter"?');
    expect(refusal({ provider: "foo" }).detail).toContain('provider is "foo"');
    expect(refusal({ provider: { name: "x" } }).detail).toContain("chatStream");
  });

  test("custom needs a URL and a model, no key", () => {
    const { detail } = refusal({ provider: "custom" });
    expect(detail).toContain("CUSTOM_LLM_URL");
    expect(detail).toContain("CUSTOM_MODEL");
    expect(
      resolve({ CUSTOM_LLM_URL: "http://localhost:1/v1", CUSTOM_MODEL: "m" }, { provider: "custom" }),
    ).toMatchObject({ apiKey: undefined });
  });

  test("a provider of the caller's own needs nothing", () => {
    const provider: LLMProvider = {
      name: "mine",
      defaultModel: "mine-1",
      chat: () => Promise.reject(new Error("unused")),
      chatStream: () => Promise.reject(new Error("unused")),
    };
    expect(resolveClientOptions({ provider, env: false })).toMatchObject({
      providerName: "mine",
      model: "mine-1",
      apiKey: undefined,
      baseURL: undefined,
    });
    expect(resolveClientOptions({ provider, env: false }).provider).toBe(provider);
    expect(resolveClientOptions({ provider, model: "m", env: false }).model).toBe("m");
  });
});

describe("the key", () => {
  test("S3 S28 S37 a missing key has the exact text and says where to get one", () => {
    for (const options of [{}, { apiKey: "  " }, { apiKey: "", env: { OPENROUTER_API_KEY: KEY } }]) {
      const error = refusal(options);
      expect(error).toMatchObject({ code: "missing_api_key", status: 400, detail: "OpenRouter API Key is not set" });
      expect(error.hint).toContain("https://openrouter.ai/keys");
    }
    expect(refusal({ provider: "openai", model: "m" }).detail).toBe("OpenAI API Key is not set");
  });

  test("S37 with other mistakes everything is told at once", () => {
    const error = refusal({ temperature: 3, env: { MAX_TOKENS: "0" } });
    expect(error.code).toBe("invalid_config");
    for (const text of ["OpenRouter API Key is not set", "temperature is 3", "MAX_TOKENS is 0"]) {
      expect(error.detail).toContain(text);
    }
    expect(error.hint).toContain("openrouter.ai/keys");
  });

  test("S5 any prefix will do; spaces around are trimmed; a bad key is refused unseen", () => {
    expect(resolve({}, { apiKey: ` local-key\n` }).apiKey?.()).toBe("local-key");
    for (const apiKey of [
      "SECRETVALUE\r\nx-evil: 1",
      "SECRET VALUE",
      "SECRETVALUE\u0000",
      "SECRETVALUEé",
      '"SECRETVALUE"',
    ]) {
      const error = refusal({ apiKey });
      expect(error.code).toBe("invalid_config");
      expect(inspect(error, { depth: 10 }) + JSON.stringify(error) + error.stack).not.toContain("SECRET");
    }
    expect(refusal({ apiKey: 7 }).detail).toContain("apiKey is no key");
  });

  test("S5 the key is in neither JSON nor inspect", () => {
    const options = resolve({ OPENROUTER_API_KEY: KEY });
    expect(options.apiKey?.()).toBe(KEY);
    expect(JSON.stringify(options) + inspect(options, { depth: 10, showHidden: true })).not.toContain(KEY);
  });

  test("a key function is called once per attempt, and what it gives is checked", async () => {
    const keys = [" first ", "", "bad key", undefined];
    const options = resolve({}, { apiKey: async () => keys.shift() as string });
    expect(await options.apiKey?.()).toBe("first");
    await expect(options.apiKey?.()).rejects.toMatchObject({ code: "missing_api_key" });
    await expect(options.apiKey?.()).rejects.toMatchObject({ code: "invalid_config" });
    await expect(options.apiKey?.()).rejects.toMatchObject({ code: "missing_api_key" });
  });

  test("counters know a key by its hash", () => {
    expect(keyHash(KEY)).toMatch(/^[0-9a-f]{16}$/);
    expect(keyHash(KEY)).not.toBe(keyHash(`${KEY}x`));
  });
});
