import { describe, expect, test } from "vitest";
import { readModelBound } from "./model-bound.js";
import { readModelList } from "./model-list.js";

describe("a bound", () => {
  test.each([
    ["openai/gpt-4o-mini", "openai/gpt-4o-mini", true],
    ["openai/gpt-4o-mini", "openai/gpt-4o-mini:free", true],
    ["openai/gpt-4o-mini", "openai/gpt-4o", false],
    ["openai/gpt-4o", "openai/gpt-4o-mini", false],
    ["anthropic/*", "anthropic/claude-sonnet-4.5", true],
    ["anthropic/*", "evil/anthropic/x", false],
    ["*:free", "a/b:free", true],
    ["*:free", "a/b:freedom", false],
    ["a.b/*", "axb/c", false],
    ["OpenAI/*", "openai/gpt-4o-mini", true],
    ["anthropic/*", "~anthropic/claude-sonnet-latest", true],
  ])("%s admits %s: %j", (pattern, id, admitted) => {
    expect(readModelBound([pattern]).admits(id)).toBe(admitted);
  });

  test("in the original notation admits what is sent for it", () => {
    expect(readModelBound(["anthropic/claude-3-haiku:beta"]).policy?.allowModels).toEqual([
      "anthropic/claude-3-haiku:beta",
      "anthropic/claude-3-haiku",
    ]);
  });

  test.each([[[]], ["a/b"], [[1]], [[""]]])("%j is refused at start-up", (models) => {
    expect(() => readModelBound(models)).toThrow(/no list of model ids/);
  });
});

describe("the list", () => {
  const body = { data: [{ id: "a/b", created: 5, name: "B" }, { id: "c/d" }, { name: "nameless" }, null] };

  test("has OpenAI's shape and keeps what else is known", () => {
    expect(readModelList(body, readModelBound(undefined))).toEqual([
      { id: "a/b", object: "model", created: 5, owned_by: "a", name: "B" },
      { id: "c/d", object: "model", created: 0, owned_by: "c" },
    ]);
  });

  test("is bounded, and names what may be asked even where upstream does not", () => {
    const ids = readModelList(body, readModelBound(["c/*", "e/f", "local"])).map(({ id, owned_by }) => [id, owned_by]);
    expect(ids).toEqual([
      ["c/d", "c"],
      ["e/f", "e"],
      ["local", "system"],
    ]);
  });

  test("names a model once, however its case is written", () => {
    expect(readModelList(body, readModelBound(["C/D"])).map(({ id }) => id)).toEqual(["c/d"]);
  });
});
