import { describe, expect, it } from "vitest";
import { runSimulatorCommand } from "../src/simulator-command.js";
import { messageTo, question } from "./simulator-client.js";

async function run(...args: string[]) {
  const lines: string[] = [];
  const simulator = await runSimulatorCommand(args, (line) => lines.push(line));
  return { lines, simulator };
}

describe("signalbox-simulator", () => {
  it("prints the base URL of a simulator with the given seed", async () => {
    const answers = [];
    for (const seed of ["7", "7", "8"]) {
      const { lines, simulator } = await run("--seed", seed);
      if (!simulator) throw new TypeError("nothing started");
      expect(lines).toEqual([simulator.baseURL]);
      expect(lines[0]).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/api\/v1$/);
      answers.push((await messageTo(simulator, question("Explain tides"))).content);
      await simulator.close();
    }
    expect(answers[0]).toBe(answers[1]);
    expect(answers[0]).not.toBe(answers[2]);
  });

  it("listens on the port it is given, and fails where that is taken", async () => {
    const { simulator } = await run();
    const port = new URL(simulator?.baseURL ?? "").port;
    await expect(run("--port", port)).rejects.toThrow("EADDRINUSE");
    await simulator?.close();
    const again = await run("--port", port);
    expect(new URL(again.simulator?.baseURL ?? "").port).toBe(port);
    await again.simulator?.close();
  });

  it("explains itself and refuses nonsense", async () => {
    const { lines, simulator } = await run("--help");
    expect([simulator, lines[0]]).toEqual([undefined, expect.stringContaining("--seed")]);
    await expect(run("--port", "many")).rejects.toThrow('--port takes a number, not "many"');
    await expect(run("--prot", "1")).rejects.toThrow("--prot");
    await expect(run("--notation", "1999")).rejects.toThrow('notation is "2026" or "2024"');
  });
});
