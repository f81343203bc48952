import { access } from "node:fs/promises";
import { startSimulator } from "@signalbox/testing";
import { describe, expect, onTestFinished, test } from "vitest";
import { chooseAnswerer, simulatorClient } from "../src/answerer.js";
import { deckStudio } from "../src/deck-studio.js";
import { scratchFolders } from "./studios.js";

async function run(...args: string[]) {
  let [out, complaints] = ["", ""];
  const simulator = await startSimulator({ seed: "terminal" });
  onTestFinished(() => simulator.close());
  const llm = simulatorClient(simulator);
  const ended = new AbortController();
  const code = await deckStudio(args, {
    write: (text) => {
      out += text;
      if (text.includes("Ctrl+C")) ended.abort();
    },
    complain: (text) => {
      complaints += text;
    },
    answerer: async () => ({ answers: "simulator", llm, close: () => llm.close() }),
    signal: ended.signal,
  });
  return { code, out, complaints };
}

describe("the command", () => {
  test("explains itself", async () => {
    const { code, out } = await run("--help");
    expect(code).toBe(0);
    for (const flag of ["--check", "--cli", "--topic", "--slides", "--no-search", "--out", "OPENROUTER_API_KEY"]) {
      expect(out).toContain(flag);
    }
  });

  test.each([
    [["--chekc"], "Unknown option '--chekc'"],
    [["--slides"], "--slides"],
    [["--cli", "--slides", "99"], "slides: "],
    [["--cli", "--language", "fr"], "language: "],
    [["--check", "--cli"], "exclude each other"],
    [["--cli", "two", "topics"], "“two topics” in quotes"],
    [["topic"], "--cli"],
    [["--port", "http"], "--port http is not a port"],
  ])("answers %j with one clear line and exit code 1", async (args, words) => {
    const { code, out, complaints } = await run(...args);
    expect(code).toBe(1);
    expect(out).toBe("");
    expect(complaints).toMatch(/^deck-studio: [^\n]+\n$/);
    expect(complaints).toContain(words);
  });

  test("serves the page until it is interrupted, and says where", async () => {
    const { code, out } = await run("--port", "0");
    expect(out).toMatch(/page\s+http:\/\/localhost:\d+/);
    expect(code).toBe(0);
  });

  test("makes a deck in the terminal and leaves it in the folder it is given", async () => {
    const { root } = await scratchFolders();
    const { code, out } = await run("--cli", "Coffee in Europe", "--language", "en", "--slides", "4", "--out", root);
    expect(code).toBe(0);
    expect(out.indexOf("▸ outline")).toBeLessThan(out.indexOf("✓ outline"));
    for (const slide of ["1. ", "2. ", "3. ", "4. "]) expect(out).toContain(`\n  ${slide}`);
    expect(out.match(/✓ valid/g)).toHaveLength(4);
    expect(out).toMatch(/total\s+\d+\s+\$0\.0\d+/);
    for (const name of ["deck.html", "deck.md", "deck.json"]) {
      const file = out.split("\n").find((line) => line.endsWith(name)) ?? "";
      expect(file.startsWith(root)).toBe(true);
      await expect(access(file)).resolves.toBeUndefined();
    }
  });

  test("takes the topic by name too, and checks all transports", async () => {
    const { root } = await scratchFolders();
    expect((await run("--topic", "咖啡", "--slides", "3", "--no-search", "--out", root)).out).not.toContain("▸ search");
    const { code, out } = await run("--check", "咖啡", "--slides", "3", "--out", root);
    expect(code).toBe(0);
    expect(out).toMatch(/core .*\nexpress .*\nnest /);
  });
});

describe("who answers", () => {
  test("is OpenRouter where a key is set, and the simulator where none is", async () => {
    const real = await chooseAnswerer({ OPENROUTER_API_KEY: "sk-or-v1-test" });
    onTestFinished(() => real.close());
    expect(real.answers).toBe("openrouter");
    expect(real.llm.baseURL).toBe("https://openrouter.ai/api/v1");
    const simulated = await chooseAnswerer({});
    onTestFinished(() => simulated.close());
    expect(simulated.answers).toBe("simulator");
    expect(simulated.llm.baseURL).toMatch(/^http:\/\/127\.0\.0\.1:/);
  });

  test("is nobody where the settings are wrong", async () => {
    await expect(chooseAnswerer({ OPENROUTER_API_KEY: "sk-or-v1-test", TEMPERATURE: "9" })).rejects.toMatchObject({
      code: "invalid_config",
    });
  });
});
