import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";
import { declarationReport } from "../declaration-report.mjs";

test("lists exported names with signatures, then what these mention", () => {
  const root = mkdtempSync(join(tmpdir(), "report-"));
  mkdirSync(join(root, "dist"));
  const entry = join(root, "dist", "index.d.ts");
  writeFileSync(
    join(root, "dist", "chunk.d.ts"),
    "interface Options { size: Size }\ntype Size = 1 | 2;\nexport type { Options as O };",
  );
  writeFileSync(
    entry,
    `import type { O as Options } from "./chunk.js";
interface Unused { a: 1 }
/** Opens it. */
declare function open(options?: Options): Box;
declare class Box { #secret; private inner; readonly width: number; close(): Promise<void>; }
declare const LIMIT = 3;
export { open, Box, LIMIT, LIMIT as MAX };
`,
  );
  const options = { module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext };
  const report = declarationReport(ts.createProgram([entry], options), entry);
  rmSync(root, { recursive: true });

  expect(report).toBe(`class Box {
    readonly width: number;
    close(): Promise<void>;
}

const LIMIT = 3;

// as MAX
const LIMIT = 3;

function open(options?: Options): Box;

// Mentioned above, not exported:

interface Options {
    size: Size;
}

type Size = 1 | 2;
`);
});
