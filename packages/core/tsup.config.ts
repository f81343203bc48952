import { readdirSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { defineConfig, type Options } from "tsup";
import { sourceImports } from "../../.ci/source-imports.mjs";

/** What programs import; package.json exports each. */
const entries = {
  index: "src/index.ts",
  node: "src/node/index.ts",
  testing: "src/testing/index.ts",
  openai: "src/openai/index.ts",
  mcp: "src/mcp/index.ts",
  browser: "src/browser/index.ts",
  ledger: "src/ledger/index.ts",
};

const SOURCE = resolve(import.meta.dirname, "src");
const START = resolve(SOURCE, "client/llm-client.ts");

/** The modules that are loaded by `import()`. */
const parts = new Set(
  readdirSync(SOURCE, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts"))
    .map((path) => resolve(SOURCE, path))
    .flatMap((file) =>
      sourceImports(file)
        .filter(({ specifier, kind }) => kind === "dynamic" && specifier.startsWith("."))
        .map(({ specifier }) => resolve(dirname(file), specifier.replace(/\.js$/, ".ts"))),
    ),
);

/**
 * Every part also imports the client. It is there by then anyway, as whoever asks for a part; said in the part's own
 * file, all that a client starts with stays in one chunk instead of one for each set of users.
 */
const partsAfterTheStart: NonNullable<Options["esbuildPlugins"]>[number] = {
  name: "parts-after-the-start",
  setup(build) {
    build.onResolve({ filter: /^the-start$/ }, () => ({ path: START, sideEffects: true }));
    build.onLoad({ filter: /\.ts$/ }, ({ path }) => {
      if (!parts.has(path)) return undefined;
      const contents = `${readFileSync(path, "utf8")}\nimport "the-start";\n`;
      return { contents, loader: "ts", resolveDir: dirname(path) };
    });
  },
};

export default defineConfig({
  entry: { ...entries, cli: "src/cli/main.ts" },
  format: ["esm", "cjs"],
  // One copy of each module per format, whichever entries a program loads.
  splitting: true,
  dts: { entry: entries },
  sourcemap: true,
  clean: true,
  target: "node22",
  esbuildPlugins: [partsAfterTheStart],
});
