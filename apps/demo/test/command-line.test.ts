import { access, readFile } from "node:fs/promises";
import { join } from "node:path";
import { sqliteLedger } from "@signalbox/core/ledger";
import { type Simulator, startSimulator } from "@signalbox/testing";
import { describe, expect, onTestFinished, test } from "vitest";
import { chooseAnswerer, simulatorClient } from "../src/answerer.js";
import type { Deck } from "../src/deck/deck.js";
import { deckStudio } from "../src/deck-studio.js";
import { answersByQuestion } from "./answers-by-question.js";
import { scratchFolders } from "./studios.js";

async function run(...args: string[]) {
  return runWith(await simulatorOfTest(), ...args);
}

async function simulatorOfTest(): Promise<Simulator> {
  const simulator = await startSimulator({ seed: "terminal" });
  onTestFinished(() => simulator.close());
  return simulator;
}

async function runWith(simulator: Simulator, ...args: string[]) {
  let [out, complaints] = ["", ""];
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
    const flags = [
      "--check",
      "--cli",
      "--topic",
      "--slides",
      "--tone",
      "--model",
      "--budget",
      "--resume",
      "--no-search",
    ];
    for (const flag of [...flags, "--out", "OPENROUTER_API_KEY"]) {
      expect(out).toContain(flag);
    }
  });

  test.each([
    [["--chekc"], "Unknown option '--chekc'"],
    [["--slides"], "--slides"],
    [["--cli", "--slides", "99"], "slides: "],
    [["--cli", "--language", "fr"], "language: "],
    [["--check", "--cli"], "exclude each other"],
    [["--check", "--budget", "1"], "--check tries a budget of its own"],
    [["--cli", "two", "topics"], "“two topics” in quotes"],
    [["topic"], "--cli"],
    [["--port", "http"], "--port http is not a port"],
    [["--cli", "--tone", "rude"], "tone: "],
    [["--cli", "--budget", "much"], "budgetUsd: "],
    [["--cli", "--model", ""], "model: "],
    [["--resume", "the last one"], "--resume the last one is not the id of a run"],
    [["--resume", "0".repeat(32), "--budget", "0"], "--budget 0 is not an amount"],
    [["--resume", "0".repeat(32), "--topic", "咖啡"], "only --budget may change"],
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
    const headings = out.split("\n").filter((line) => /^ {2}\d\. .*\[\w+\]$/.test(line));
    expect(headings.map((line) => line.slice(2, 4))).toEqual(["1.", "2.", "3.", "4."]);
    // Each slide's lines stand once, whole: what grows is not printed over what was there.
    const slides = JSON.parse(
      await readFile(out.split("\n").find((line) => line.endsWith("deck.json")) ?? "", "utf8"),
    ) as Deck;
    const printed = out.split("\n").map((line) => line.trim().replace(/^· /, ""));
    for (const slide of slides.slides.filter((one) => "subtitle" in one))
      expect(printed.filter((line) => line === slide.subtitle)).toHaveLength(1);
    for (const slide of slides.slides.filter((one) => "points" in one))
      expect(printed).toEqual(expect.arrayContaining(slide.points.map(({ text }) => text)));
    expect(out.match(/✓ valid/g)).toHaveLength(4);
    expect(out).toMatch(/total\s+\d+\s+\$0\.0\d+/);
    for (const name of ["deck.pptx", "deck.html", "deck.md", "deck.json"]) {
      const file = out.split("\n").find((line) => line.endsWith(name)) ?? "";
      expect(file.startsWith(root)).toBe(true);
      await expect(access(file)).resolves.toBeUndefined();
    }
  });

  test("says which model is asked, and how its name is read", async () => {
    const { root } = await scratchFolders();
    const simulator = await simulatorOfTest();
    const deck = ["--cli", "咖啡", "--slides", "3", "--no-search", "--tone", "lively", "--out", root];
    const { code, out } = await runWith(simulator, ...deck, "--model", "openai/gpt-4o-mini");
    expect(code).toBe(0);
    expect(out).toContain("Model: openai/gpt-4o-mini → openai/gpt-4o-mini.");
    expect(simulator.requests.map(({ model }) => model)).toEqual(Array(4).fill("openai/gpt-4o-mini"));
    expect(JSON.stringify(simulator.requests[0]?.json.messages)).toContain("语气生动");
    const wrong = await runWith(simulator, ...deck, "--model", "gpt-4o-mimi");
    expect(wrong.code).toBe(1);
    expect(wrong.out).toContain("model not found: gpt-4o-mimi; did you mean openai/gpt-4o-mini");
  });

  test("gives the terminal no orders that a model wrote", async () => {
    const { root } = await scratchFolders();
    const simulator = await simulatorOfTest();
    const text = '{"subtitle": "one\\u001b[2J\\u009b31mline\\r\\u0007", "speakerNotes": ""}';
    simulator.reply({ text, when: ({ prompt }) => prompt.includes("1/3"), times: 2 });
    const { out } = await runWith(simulator, "--cli", "咖啡", "--slides", "3", "--no-search", "--out", root);
    expect(out).toContain("one[2J31mline\n");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not come.
    expect(out).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
    const { complaints } = await runWith(simulator, "--cli", "咖啡", "--tone", "\u001b[2J");
    expect(complaints).not.toContain("\u001b");
    const unknown = await runWith(simulator, "--cli", "咖啡", "\u001b[2J");
    expect(unknown.complaints).toContain("deck-studio: one topic is enough: put “咖啡 [2J” in quotes");
  });

  test("tells what went wrong on the way, on lines of their own", async () => {
    const { root } = await scratchFolders();
    const simulator = await simulatorOfTest();
    simulator.fault("429", { times: 2, retryAfter: 0, when: ({ prompt }) => prompt.includes("2/3") });
    const { code, out } = await runWith(simulator, "--cli", "咖啡", "--slides", "3", "--no-search", "--out", root);
    expect(code).toBe(0);
    expect(out).toMatch(/\n {2}↻ rate limit exceeded \(HTTP 429\); attempt 2 in \d\.\d s\n/);
    expect(out).toMatch(/\n {2}↻ rate limit exceeded \(HTTP 429\); attempt 3 in \d\.\d s\n/);
  });

  test("stops before a budget is exceeded, says how to go on, and does", async () => {
    const { root } = await scratchFolders();
    const simulator = await simulatorOfTest();
    const deck = ["--cli", "Coffee in Europe", "--language", "en", "--slides", "6", "--no-search", "--out", root];
    const stopped = await runWith(simulator, ...deck, "--budget", "0.002");
    expect(stopped.code).toBe(1);
    expect(stopped.out).toContain("✗ content  Step content failed: the total budget of 0.00");
    expect(stopped.out).toContain("what is finished is kept: raise the budget to go on; it can be resumed at content");
    const runId = /npm start -- --resume ([0-9a-f]{32}) --budget <more>\n$/.exec(stopped.out)?.[1] ?? "";
    const again = await runWith(simulator, "--resume", runId, "--budget", "0.05", "--out", root);
    expect(again.out).toMatch(/✓ valid \(kept\)[\s\S]*✓ valid \(tool, 1 answer/);
    expect(again.code).toBe(0);
    expect([...answersByQuestion(simulator).values()]).toEqual(Array(7).fill(1));
    const over = await runWith(simulator, "--resume", runId, "--out", root);
    expect(over).toMatchObject({ code: 0, complaints: "" });
    expect(over.out).toContain("This run has ended already");
    const unknown = await runWith(simulator, "--resume", "0".repeat(32), "--out", root);
    expect(unknown).toMatchObject({ code: 1, complaints: `deck-studio: run not found: ${"0".repeat(32)}\n` });
  });

  test("takes the topic by name too", async () => {
    const { root } = await scratchFolders();
    expect((await run("--topic", "咖啡", "--slides", "3", "--no-search", "--out", root)).out).not.toContain("▸ search");
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
    expect(simulated.simulator?.baseURL).toBe(simulated.llm.baseURL);
    expect(real.simulator).toBeUndefined();
  });

  test("keeps what each request cost in the studio's folder, the simulator's apart", async () => {
    const { root } = await scratchFolders();
    const asked: string[] = [];
    const { llm } = await chooseAnswerer({});
    onTestFinished(() => llm.close());
    await deckStudio(["--port", "0", "--out", root], {
      write: () => {},
      complain: () => {},
      async answerer(folder) {
        asked.push(folder);
        return { answers: "simulator", llm, close: async () => {} };
      },
      signal: AbortSignal.abort(),
    });
    expect(asked).toEqual([root]);

    const simulated = await chooseAnswerer({}, root);
    const { generationId } = await simulated.llm.generate({ prompt: "hello", maxTokens: 5 });
    await simulated.close();
    const ledger = sqliteLedger(join(root, "spending-simulated.db"));
    onTestFinished(() => ledger.close());
    const records = await Array.fromAsync(ledger.records());
    expect(records).toMatchObject([{ outcome: "answered", generationId, source: "provider" }]);
  });

  test("is nobody where the settings are wrong", async () => {
    await expect(chooseAnswerer({ OPENROUTER_API_KEY: "sk-or-v1-test", TEMPERATURE: "9" })).rejects.toMatchObject({
      code: "invalid_config",
    });
  });
});
