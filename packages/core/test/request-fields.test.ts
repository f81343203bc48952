import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { EXTRA_BODY_ONLY } from "../src/generate/extra-body-only.js";
import { EMBED_OPTIONS, RERANK_OPTIONS } from "../src/generate/json-options.js";
import { REASONING_OPTIONS, ROUTING_OPTIONS } from "../src/generate/option-groups.js";
import type { OptionRow } from "../src/generate/option-table.js";
import { REQUEST_OPTIONS } from "../src/generate/request-options.js";

const study = fileURLToPath(new URL("../../../../shared/reference/openrouter-api.md", import.meta.url));
const has = existsSync(study);

/** The text of a section, without its heading. */
function section(number: string): string {
  const [, text = ""] = readFileSync(study, "utf8").split(new RegExp(`^### ${number.replace(".", "\\.")} .*$`, "m"));
  return text.split(/^##/m)[0] ?? "";
}

/** The fields of the table of chat requests: what stands as code in the first cell of each row. */
function requestFields(): string[] {
  const rows = section("2.1")
    .split("\n")
    .filter((line) => line.startsWith("| `"));
  return rows.flatMap((row) => {
    const [, cell = ""] = row.split(/(?<!\\)\|/);
    return codes(cell);
  });
}

const codes = (text: string) => [...text.matchAll(/`([a-z_]+)`/g)].map(([, name]) => name as string);
const wireNames = (...tables: readonly Readonly<Record<string, OptionRow>>[]) =>
  new Set(tables.flatMap((table) => Object.values(table).map(({ wire }) => wire)));
const missing = (fields: readonly string[], known: ReadonlySet<string | undefined>) =>
  fields.filter((field) => !known.has(field));

describe.skipIf(!has)("every field that OpenRouter documents", () => {
  test("of a chat request has a typed option, or the reason why it goes through extraBody", () => {
    const fields = requestFields();
    expect(fields.length).toBeGreaterThan(45);
    expect(fields).toEqual(expect.arrayContaining(["messages", "top_logprobs", "stop_server_tools_when", "debug"]));
    const ours = new Set(["messages", "prompt", ...wireNames(REQUEST_OPTIONS), ...Object.keys(EXTRA_BODY_ONLY)]);
    expect(missing(fields, ours)).toEqual([]);
  });

  test("of provider preferences has a typed option", () => {
    const [first = ""] = section("2.2").split("Default routing:");
    const fields = [...first.matchAll(/(?:^|; )`([a-z_]+)`/gm)].map(([, name]) => name as string);
    expect(fields.length).toBe(13);
    expect(missing(fields, wireNames(ROUTING_OPTIONS))).toEqual([]);
  });

  test("of reasoning has a typed option", () => {
    const row =
      section("2.1")
        .split("\n")
        .find((line) => line.startsWith("| `reasoning` |")) ?? "";
    const [, inside = ""] = /\{(.*?)\}/.exec(row) ?? [];
    const fields = inside.split(",").map((field) => /[a-z_]+/.exec(field)?.[0] ?? "");
    expect(fields).toEqual(["effort", "max_tokens", "exclude", "enabled", "summary", "context", "mode"]);
    expect(missing(fields, wireNames(REASONING_OPTIONS))).toEqual([]);
  });

  test.each([
    ["embeddings", EMBED_OPTIONS, 7],
    ["rerank", RERANK_OPTIONS, 5],
  ] as const)("of a request for %s has a typed option", (path, table, count) => {
    const line =
      section("1.4")
        .split("\n")
        .find((text) => text.startsWith(`POST \`/${path}\``)) ?? "";
    const [request = ""] = line.slice(line.indexOf(":")).split(/; \[npm\]|→/);
    const fields = codes(request.replaceAll("?`", "`"));
    expect(fields.length).toBe(count);
    expect(missing(fields, wireNames(table))).toEqual([]);
  });
});

test("no field is both an option and said to have none", () => {
  const wire = wireNames(REQUEST_OPTIONS);
  const entries = Object.entries(EXTRA_BODY_ONLY);
  expect(entries.filter(([field]) => wire.has(field))).toEqual([]);
  for (const [field, reason] of entries) expect(reason.length, field).toBeGreaterThan(20);
});
