import { expect, it } from "vitest";
import { startSimulator } from "../src/index.js";
import { question, stream } from "./simulator-client.js";

it("streams tens of thousands of chunks, in many reads, within the time that a test has", async () => {
  await using simulator = await startSimulator();
  simulator.reply({ text: "word ".repeat(50_000) });
  const { content, events } = await stream(simulator, question("x"));
  expect([content.length, events.length]).toEqual([250_000, 50_003]);
});
