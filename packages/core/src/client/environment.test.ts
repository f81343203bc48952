import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { openEnvironment } from "./environment.js";
import { resolveClientOptions } from "./resolve-options.js";

const KEY = "sk-or-v1-0123456789abcdef";
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "signalbox-env-"));
  vi.spyOn(process, "cwd").mockReturnValue(folder);
  for (const name of [
    "LLM",
    "OPENROUTER_API_KEY",
    "OPENROUTER_BASE_URL",
    "OPENROUTER_MODEL",
    "TEMPERATURE",
    "MAX_TOKENS",
  ]) {
    vi.stubEnv(name, undefined);
  }
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});
const dotEnv = (text: string) => writeFileSync(join(folder, ".env"), text);

describe("where variables come from", () => {
  test("S7 S28 the process, then the .env file; empty counts as unset", () => {
    dotEnv(`export OPENROUTER_API_KEY='${KEY}'\nOPENROUTER_MODEL=from/file\nTEMPERATURE=0.5\n`);
    vi.stubEnv("OPENROUTER_MODEL", "from/process");
    vi.stubEnv("TEMPERATURE", "  ");
    const options = resolveClientOptions();
    expect(options).toMatchObject({ model: "from/process", temperature: 0.5 });
    expect(options.apiKey?.()).toBe(KEY);
  });

  test("S7 the file is read once, and only when something is missing", () => {
    dotEnv("A=1\nB=2\n");
    vi.stubEnv("A", "process");
    const environment = openEnvironment(undefined);
    expect(environment.read("A")).toEqual({ value: "process", from: "process" });
    expect(process.cwd).not.toHaveBeenCalled();
    expect(environment.read("B")).toEqual({ value: "2", from: "file" });
    dotEnv("B=3\nC=4\n");
    expect([environment.read("B")?.value, environment.read("C")]).toEqual(["2", undefined]);
    expect(process.cwd).toHaveBeenCalledOnce();
  });

  test("an object is the only source, false is none", () => {
    dotEnv("A=1\n");
    vi.stubEnv("A", "2");
    expect(openEnvironment({ A: " 3 ", EMPTY: "" }).read("A")).toEqual({ value: "3", from: "env" });
    expect(openEnvironment({}).read("A")).toBeUndefined();
    expect(openEnvironment({}).read("toString")).toBeUndefined();
    expect(openEnvironment(false).read("A")).toBeUndefined();
  });

  test("no file and a folder of that name are no mistake", () => {
    expect(openEnvironment(undefined).read("NOT_THERE_AT_ALL")).toBeUndefined();
    mkdirSync(join(folder, ".env"));
    const environment = openEnvironment(undefined);
    expect([environment.read("NOT_THERE_AT_ALL"), environment.fileProblem]).toEqual([undefined, undefined]);
  });

  test("a .env file may not send the shell's key to its own base URL", () => {
    dotEnv("OPENROUTER_BASE_URL=https://evil.example/v1\n");
    vi.stubEnv("OPENROUTER_API_KEY", KEY);
    expect(() => resolveClientOptions()).toThrow(
      expect.objectContaining({
        code: "invalid_config",
        detail: expect.stringContaining("OPENROUTER_BASE_URL comes from the .env file"),
      }),
    );
    expect(() => resolveClientOptions({ apiKey: KEY })).toThrow(expect.objectContaining({ code: "invalid_config" }));
    expect(() => resolveClientOptions({ apiKey: () => KEY })).toThrow(
      expect.objectContaining({ code: "invalid_config" }),
    );
    dotEnv(`OPENROUTER_BASE_URL=https://evil.example/v1\nOPENROUTER_API_KEY=sk-or-v1-of-the-file\n`);
    expect(() => resolveClientOptions()).toThrow(expect.objectContaining({ code: "invalid_config" }));
    expect(resolveClientOptions({ baseURL: "https://openrouter.ai/api/v1" }).apiKey?.()).toBe(KEY);
  });

  test("base URL and key of one file belong together; a local server without a key needs none", () => {
    dotEnv(`OPENROUTER_BASE_URL=http://127.0.0.1:9/v1/\nOPENROUTER_API_KEY=${KEY}\n`);
    const options = resolveClientOptions();
    expect(options).toMatchObject({ baseURL: "http://127.0.0.1:9/v1", baseURLFrom: "file" });
    expect(options.apiKey?.()).toBe(KEY);
    dotEnv("LLM=custom\nCUSTOM_LLM_URL=http://localhost:11434/v1\nCUSTOM_MODEL=llama3\n");
    expect(resolveClientOptions()).toMatchObject({ providerName: "custom", apiKey: undefined, model: "llama3" });
  });
});
