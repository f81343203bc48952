import { startSimulator } from "@signalbox/testing";
import { describe, expect, test } from "vitest";
import { runCheck } from "../src/check/check.js";
import { firstDifference } from "../src/check/compare-events.js";
import { eventOf, inputFor, makeDeck, openStudio, scratchFolders } from "./studios.js";

const input = inputFor("人工智能技术发展趋势", { slides: 4 });

async function check(sabotage?: Parameters<typeof runCheck>[0]["simulate"]) {
  let text = "";
  const code = await runCheck({
    input,
    folders: await scratchFolders(),
    write: (piece) => {
      text += piece;
    },
    simulate: sabotage ?? (() => startSimulator({ seed: "check" })),
  });
  const rows = new Map(
    text.split("\n").flatMap((line) => {
      const cells = line.split(/\s{3,}/).map((cell) => cell.trim());
      return cells.length === 7 ? [[cells[0] ?? "", cells] as const] : [];
    }),
  );
  return { code, text, rows };
}

describe("--check", () => {
  test("finds core, Express and Nest equal and prints what they did", async () => {
    const { code, text, rows } = await check();
    expect(text).toContain("✓ the three event sequences are equal");
    expect(code).toBe(0);
    const { studio } = await openStudio({ seed: "check" });
    const events = await makeDeck(studio, input);
    const tokens = events.reduce((sum, { usage }) => sum + (usage?.totalTokens ?? 0), 0);
    const usd = events.reduce((sum, { cost }) => sum + (cost?.totalUsd ?? 0), 0);
    for (const transport of ["core", "express", "nest"]) {
      const cells = [String(events.length), "6", "4/4", String(tokens), `$${usd.toFixed(5)}`];
      expect(rows.get(transport)?.slice(1, 6)).toEqual(cells);
    }
  });

  test("fails where one transport gets another deck", async () => {
    const { code, text } = await check((transport) =>
      startSimulator({ seed: transport === "nest" ? "other" : "check" }),
    );
    expect(code).toBe(1);
    expect(text).toContain("✗ core and nest differ: event ");
    expect(text).not.toContain("core and express differ");
  });

  test("fails where a run does not reach its end, and says why", async () => {
    const { code, text, rows } = await check(async (transport) => {
      const simulator = await startSimulator({ seed: "check" });
      if (transport === "express") simulator.fault("402", { when: ({ prompt }) => prompt.includes("2/4") });
      return simulator;
    });
    expect(code).toBe(1);
    expect(text).toContain("express: Step content failed: ");
    expect(text).toContain("insufficient balance");
    expect(rows.get("express")?.[3]).not.toBe("4/4");
  });

  test("fails where nobody answers a transport", async () => {
    const { code, text } = await check(async (transport) => {
      const simulator = await startSimulator({ seed: "check" });
      if (transport === "core") simulator.fault("401", { times: 50 });
      return simulator;
    });
    expect(code).toBe(1);
    expect(text).toContain("core: ");
  });
});

describe("two runs are compared", () => {
  test("without their ids and times, and differences are shown where they begin", async () => {
    const [one, other] = await Promise.all([1, 2].map(async () => makeDeck((await openStudio()).studio, input)));
    if (one === undefined || other === undefined) throw new Error("two decks were made");
    expect(one[0]?.runId).not.toBe(other[0]?.runId);
    expect(firstDifference(one, other)).toBeUndefined();
    expect(firstDifference(one, other.slice(0, -1))).toBe(`${one.length} events against ${one.length - 1}`);
    const changed = other.map((event) => (event.step === "html" ? { ...event, message: "没有排版" } : event));
    expect(firstDifference(one, changed)).toMatch(/^event \d+ \(html started\): .*没有排版/);
    expect(eventOf(changed, "html", "started").message).toBe("没有排版");
  });
});
