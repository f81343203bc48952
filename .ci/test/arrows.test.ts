import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "arrows-"));
  const manifest = { exports: { ".": "./dist/index.js", "./node": "./dist/node.js" } };
  write("packages/core/package.json", JSON.stringify({ ...manifest, peerDependencies: { zod: "^4", openai: ">=5" } }));
  write("packages/express/package.json", JSON.stringify({ dependencies: { "@signalbox/core": "workspace:^" } }));
});

afterEach(() => rmSync(root, { recursive: true }));

function write(path: string, text: string): void {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

function findings(): string[] {
  const { stderr } = spawnSync(process.execPath, [join(import.meta.dirname, "../arrows.mjs"), root], {
    encoding: "utf8",
  });
  return stderr.split("\n").filter(Boolean);
}

test.each([
  ["errors/a.ts", `import { x } from "../http/b.js";`, "errors may not import http (value)"],
  ["http/a.ts", `export { x } from "../generate/b.js";`, "http may not import generate (value)"],
  ["http/a.ts", `import { type M } from "../messages/m.js";`, "http may not import messages (value)"],
  ["generate/a.ts", `const x = await import("../node/b.js");`, "generate may not import node (dynamic)"],
  ["attic/a.ts", `import { x } from "../http/b.js";`, "attic/ has no row in import-rules.mjs"],
  ["http/a.ts", `import { request } from "node:http";`, "static import of node:http"],
  ["http/a.ts", `import net from "net";`, "write node:net"],
  ["structured/a.ts", `import { z } from "zod";`, "static import of zod"],
  ["client/a.ts", `import type { OpenAI } from "openai";`, "only openai/ may import openai"],
  ["client/a.ts", `import express from "express";`, "express is not a dependency of this package"],
  ["client/a.ts", `import { x } from "../../../express/src/b.js";`, "leaves its package"],
  ["http/http-utils.ts", "export {};", `"utils" says nothing about what the file holds`],
  ["http/a.ts", "\n".repeat(300).replaceAll("\n", "x();\n").concat("x();"), "301 lines; at most 300"],
])("%s: %s", (path, text, finding) => {
  write(`packages/core/src/${path}`, text);
  expect(findings()).toEqual([expect.stringContaining(finding)]);
});

test("an adapter imports core by the entries it exports, and no other adapter", () => {
  write("packages/express/src/a.ts", `import { x } from "@signalbox/core/dist/x.js";`);
  write("packages/express/src/b.ts", `import { x } from "@signalbox/core/node";`);
  write("packages/express/src/c.ts", `import { x } from "@signalbox/nestjs";`);
  expect(findings()).toEqual([
    expect.stringContaining("a.ts:1: @signalbox/core/dist/x.js is not an entry of that package"),
    expect.stringContaining("a.ts:1: express may not import @signalbox/core/dist/x.js (value)"),
    expect.stringContaining("c.ts:1: @signalbox/nestjs is not an entry of that package"),
    expect.stringContaining("c.ts:1: @signalbox/nestjs is not a dependency of this package"),
    expect.stringContaining("c.ts:1: express may not import @signalbox/nestjs (value)"),
  ]);
});

test.each(["run-store-contract", "redis-server", "telemetry-recorder", "source-process", "free-port", "read-until"])(
  "a test, and no source, may import %s of another package's tests",
  (name) => {
    write("packages/express/test/a.test.ts", `import { x } from "../../core/test/${name}.js";`);
    expect(findings()).toEqual([]);
    write("packages/express/src/b.ts", `import { x } from "../../core/test/${name}.js";`);
    expect(findings()).toEqual([expect.stringContaining(`b.ts:1: ../../core/test/${name}.js leaves its package`)]);
  },
);

test.each(["test/manual-clock", "test/some-free-port", "test/servers/redis-server", "src/run-store-contract"])(
  "a test may not import %s of another package",
  (place) => {
    write("packages/express/test/a.test.ts", `import { x } from "../../core/${place}.js";`);
    expect(findings()).toEqual([expect.stringContaining(`a.test.ts:1: ../../core/${place}.js leaves its package`)]);
  },
);

test("nothing but import() leads from the client to what a stream does without", () => {
  write(
    "packages/core/src/client/llm-client.ts",
    `import { x } from "./a.js";\nconst y = () => import("./llm-fetch.js");`,
  );
  write("packages/core/src/client/a.ts", `import type { L } from "../limits/limiter.js";`);
  write("packages/core/src/client/llm-fetch.ts", `import { B } from "../limits/budgets.js";`);
  write("packages/core/src/limits/budgets.ts", "export class B {}");
  write("packages/core/src/limits/limiter.ts", "export interface L {}");
  expect(findings()).toEqual([]);
  write("packages/core/src/client/a.ts", `export { x } from "../limits/b.js";`);
  write("packages/core/src/limits/b.ts", `import { B } from "./budgets.js";`);
  expect(findings()).toEqual([
    "client/llm-client.ts > client/a.ts > limits/b.ts > limits/budgets.ts: " +
      "limits/budgets is a part that is loaded with import() only",
  ]);
});

test("types, dynamic imports and tests have the freedom the rules give them", () => {
  write("packages/core/src/http/a.ts", `import type { M } from "../messages/m.js";`);
  write("packages/core/src/http/b.ts", `import type { Agent } from "node:http";`);
  write("packages/core/src/structured/c.ts", `const { z } = await import("zod");`);
  write("packages/core/src/openai/d.ts", `import OpenAI from "openai";`);
  write("packages/core/src/errors/e.test.ts", `import { x } from "../client/c.js";\nimport express from "express";`);
  expect(findings()).toEqual([]);
});
