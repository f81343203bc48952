import { expect, test } from "vitest";
import { JUDGED, LIMITS } from "../limits.ts";
import type { Samples } from "../measure/run-scenario.ts";
import { verdictTable } from "../report/table.ts";
import { verdicts } from "../report/verdicts.ts";

const samples = (values: Samples["values"]): Samples => ({ values, notes: {}, hotspots: {} });

test("a row that is below its limit at its minimum only does not pass", () => {
  const single = samples({
    "floor-a": { cpuUs: [10, 10, 10] },
    signalbox: { cpuUs: [8, 9.5, 9.6] },
    "signalbox-limits": { cpuUs: [8, 8.5, 12] },
  });
  const judged = verdicts({ single });
  expect(judged.map(({ peer, passed }) => [peer, passed])).toEqual([
    ["signalbox", false],
    ["signalbox-limits", true],
  ]);
  expect(judged[0]?.summary).toEqual({ median: 0.95, min: 0.8, max: 0.96, count: 3 });
});

test("each ratio is of one run: a slow minute that hits both changes nothing", () => {
  const single = samples({ "floor-a": { cpuUs: [10, 30] }, signalbox: { cpuUs: [8, 24] } });
  expect(verdicts({ single })[0]?.summary).toEqual({ median: 0.8, min: 0.8, max: 0.8, count: 2 });
});

test("figures without a base are judged as they are, and what was not measured is not judged", () => {
  const held = samples({ signalbox: { heapKB: [19, 20] } });
  const judged = verdicts({ held, single: samples({ signalbox: { cpuUs: [1] } }) });
  expect(judged.map(({ limit, passed }) => [limit.metric, passed])).toEqual([["heapKB", false]]);
  expect(verdictTable(judged)).toContain(
    "| heap per open idle stream | signalbox | ≤ 18, aim 15 KB | 19.5 (19.0–20.0) | **FAIL** |",
  );
});

test("no limit stands twice", () => {
  const names = LIMITS.flatMap(({ scenario, metric, against, peers = JUDGED }) =>
    peers.map((peer) => `${scenario} ${metric} ${against} ${peer}`),
  );
  expect(new Set(names).size).toBe(names.length);
});

test("a client that failed in any run, or whose base did, does not pass", () => {
  const values = { "floor-a": { cpuUs: [10, 10] }, signalbox: { cpuUs: [5] }, "signalbox-limits": { cpuUs: [5, 5] } };
  const single = { values, notes: { signalbox: "failed: over 180 s" }, hotspots: {} };
  expect(verdicts({ single }).map(({ peer, passed }) => [peer, passed])).toEqual([
    ["signalbox", false],
    ["signalbox-limits", true],
  ]);
  const never = { values: { signalbox: { cpuUs: [5] } }, notes: { "floor-a": "failed: over 180 s" }, hotspots: {} };
  expect(verdicts({ single: never }).map(({ peer, passed }) => [peer, passed])).toEqual([
    ["signalbox", false],
    ["signalbox-limits", false],
  ]);
  expect(verdicts({ recorded: { values: {}, notes: { signalbox: "skipped: no recordings" }, hotspots: {} } })).toEqual(
    [],
  );
});
