import fc from "fast-check";
import { expect, test } from "vitest";
import { toolNames } from "./tool-names.js";

test("a name that models may call stays as it is, behind the prefix", () => {
  expect(toolNames(["get_weather", "Say-Hello2"], "")).toEqual(["get_weather", "Say-Hello2"]);
  expect(toolNames(["get_weather"], "acme_")).toEqual(["acme_get_weather"]);
});

test("other characters become `_`, and names that then are equal are told apart", () => {
  expect(toolNames(["files/read", "files.read", "files_read", "größe"], "")).toEqual([
    "files_read",
    "files_read_2",
    "files_read_3",
    "gr__e",
  ]);
});

test("a long name keeps its beginning and its end", () => {
  const long = `list_${"x".repeat(80)}_pull_requests`;
  const [name] = toolNames([long], "github_");
  expect([name?.length, name?.startsWith("github_list_"), name?.endsWith("_pull_requests")]).toEqual([64, true, true]);
});

test("whatever a server names its tools, each gets a name of its own that models may call", () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.string(), fc.string({ minLength: 70 }), fc.constant("a")), { minLength: 1 }),
      fc.string(),
      (names, prefix) => {
        const made = toolNames(names, prefix);
        expect(new Set(made).size).toBe(names.length);
        const wrong = made.filter((name) => !/^[\w-]{1,64}$/.test(name));
        expect(wrong).toEqual([]);
        expect(toolNames(names, prefix)).toEqual(made);
      },
    ),
  );
});
