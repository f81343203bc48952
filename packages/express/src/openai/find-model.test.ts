import { expect, test } from "vitest";
import { findModel } from "./find-model.js";
import { readModelBound } from "./model-bound.js";
import { readModelList } from "./model-list.js";

const ids = [
  "openai/gpt-4o-mini",
  "openai/gpt-oss-20b",
  "openai/gpt-oss-20b:free",
  "anthropic/claude-3-haiku",
  "llama",
];
const rows = readModelList({ data: ids.map((id) => ({ id, name: id.toUpperCase() })) }, readModelBound(undefined));
const served = (id: string) => id.replace(/:(nitro|floor)$/, "");

test.each([
  ["openai/gpt-4o-mini", "OPENAI/GPT-4O-MINI"],
  ["OpenAI/GPT-4o-mini", "OPENAI/GPT-4O-MINI"],
  ["openai/gpt-4o-mini:nitro", "OPENAI/GPT-4O-MINI"],
  ["openai/gpt-oss-20b:free", "OPENAI/GPT-OSS-20B:FREE"],
  ["openai/gpt-4o-mini:free", undefined],
  ["anthropic/claude-3-haiku:beta", "ANTHROPIC/CLAUDE-3-HAIKU"],
  ["llama", "LLAMA"],
  ["llama:nitro", undefined],
  ["nobody/nothing", undefined],
])("%s is the row %s", (id, name) => {
  expect(findModel(id, rows, served)?.name).toBe(name);
});

test("a row that stands for another id has the name that was asked for", () => {
  expect(findModel("openai/gpt-4o-mini:floor", rows, served)?.id).toBe("openai/gpt-4o-mini:floor");
});
