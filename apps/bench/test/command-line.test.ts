import { expect, test } from "vitest";
import { allPeers, readCommand, SCENARIOS } from "../command-line.ts";

test("without arguments everything runs five times", () => {
  const command = readCommand([]);
  expect(command).toMatchObject({ scenarios: SCENARIOS, peers: allPeers(), runs: 5, profile: false });
  expect(command.runsOf("tanstack")).toBe(5);
});

test("scenarios and peers keep the order of the report", () => {
  const { scenarios, peers } = readCommand(["paced", "single", "--peers", "openai,floor-a"]);
  expect(scenarios).toEqual(["single", "paced"]);
  expect(peers).toEqual(["floor-a", "openai"]);
});

test("redis stands for everything about many machines", () => {
  const { scenarios } = readCommand(["redis"]);
  expect(scenarios).toEqual(SCENARIOS.slice(SCENARIOS.indexOf("operations-64")));
  expect(scenarios).toContain("redis-pace");
  expect(readCommand(["redis", "redis-pace"]).scenarios).toEqual(scenarios);
});

test("--quick runs the peers that nothing is judged by only once", () => {
  const command = readCommand(["--quick"]);
  expect([command.runsOf("signalbox"), command.runsOf("openai"), command.runsOf("langchain")]).toEqual([3, 3, 1]);
});

test.each([["sinlge"], ["single", "--peers", "nobody"], ["--runs", "0"], ["--runs", "few"], ["--warp"]])(
  "%s … is refused",
  (...args) => {
    expect(() => readCommand(args)).toThrow();
  },
);
