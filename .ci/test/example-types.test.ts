import { existsSync, globSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { examplesOf } from "./readme-examples.js";

const root = fileURLToPath(new URL("../../", import.meta.url));
const built = existsSync(`${root}packages/nestjs/dist/index.d.ts`);
const pages = globSync(["README*.md", "packages/*/README.md", "docs/*.md", "docs/recipes/*.md"], { cwd: root });

/** A folder from which everything resolves that a page's examples import. */
function folderOf(page: string): string {
  if (page.startsWith("packages/nestjs/")) return "packages/nestjs/src";
  if (page.startsWith("packages/redis/")) return "packages/redis/src";
  return page === "docs/many-machines.md" ? "apps/example-many-machines/src" : "apps/demo/src";
}

// The compiler reads the built declarations, as a reader's would.
describe.skipIf(!built)("the examples of the documentation", () => {
  test("pass the type check as they stand", { timeout: 120_000 }, () => {
    const examples = new Map<string, string>(
      pages.flatMap((page) =>
        examplesOf(page).map(
          (code, at) => [`${root}${folderOf(page)}/${page.replaceAll("/", "-")}-${at}.mts`, code] as const,
        ),
      ),
    );
    const options: ts.CompilerOptions = {
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      target: ts.ScriptTarget.ES2023,
      lib: ["lib.es2024.d.ts", "lib.esnext.disposable.d.ts"],
      strict: true,
      experimentalDecorators: true,
      skipLibCheck: true,
      noEmit: true,
      types: ["node"],
      typeRoots: [`${root}node_modules/@types`],
    };
    const host = ts.createCompilerHost(options);
    const { readFile, fileExists } = host;
    host.readFile = (file) => examples.get(file) ?? readFile(file);
    host.fileExists = (file) => examples.has(file) || fileExists(file);
    const program = ts.createProgram([...examples.keys()], options, host);
    const found = ts.getPreEmitDiagnostics(program).map(({ file, messageText, start = 0 }) => {
      const line = file === undefined ? 0 : file.getLineAndCharacterOfPosition(start).line + 1;
      return `${file?.fileName.slice(root.length)}:${line} ${ts.flattenDiagnosticMessageText(messageText, " ")}`;
    });
    expect(examples.size).toBeGreaterThan(10);
    expect(found).toEqual([]);
  });
});
