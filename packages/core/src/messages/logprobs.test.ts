import { expect, test } from "vitest";
import { Accumulator } from "../generate/accumulator.js";
import { Logprobs } from "./logprobs.js";

const token = (text: string) => ({ token: text, logprob: -1 });

test("token lists grow piece by piece, and what was handed over is left as it was", () => {
  const first = { content: [token("a")], refusal: null };
  const logprobs = new Logprobs();
  logprobs.add(first);
  logprobs.add({ content: [token("b"), token("c")], refusal: [token("no")] });
  logprobs.add({ content: null, refusal: [] });
  expect(logprobs.whole).toEqual({ content: [token("a"), token("b"), token("c")], refusal: [token("no")] });
  expect(first.content).toHaveLength(1);
});

test("any other form is kept as it came, the later one in place of the earlier", () => {
  const logprobs = new Logprobs();
  logprobs.add({ tokens: ["a"] });
  logprobs.add({ tokens: ["b"] });
  expect(logprobs.whole).toEqual({ tokens: ["b"] });
});

test("no form at all is kept too", () => {
  const logprobs = new Logprobs();
  for (const none of [null, "text", { content: null }]) {
    logprobs.add(none);
    expect(logprobs.whole).toEqual(none);
  }
  logprobs.add({ refusal: [token("no")] });
  expect(logprobs.whole).toEqual({ refusal: [token("no")] });
});

test("gathering is linear: the list of an answer grows in place, it is not copied with every chunk", () => {
  const accumulator = new Accumulator(0);
  const chunk = { choices: [{ index: 0, delta: { content: "x" }, logprobs: { content: [token("x")] } }] };
  const list = () => (accumulator.logprobs as { content: unknown[] }).content;
  accumulator.add(chunk, []);
  const first = list();
  for (let count = 1; count < 1_000; count++) accumulator.add(chunk, []);
  expect([list().length, list() === first, chunk.choices[0]?.logprobs.content.length]).toEqual([1_000, true, 1]);
});
