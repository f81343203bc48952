// Loaded with `node --import`: a program of a test reads the packages' sources, as the tests themselves do.
import { existsSync, readFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { fileURLToPath } from "node:url";

const root = new URL("../", import.meta.url);
/** @type {{ compilerOptions: { paths: Record<string, [string]> } }} */
const { compilerOptions } = JSON.parse(readFileSync(new URL("tsconfig.base.json", root), "utf8"));

registerHooks({
  resolve(specifier, context, next) {
    const [source] = compilerOptions.paths[specifier] ?? [];
    if (source !== undefined)
      return { url: new URL(source, root).href, format: "module-typescript", shortCircuit: true };
    if (specifier.startsWith(".") && specifier.endsWith(".js") && context.parentURL?.endsWith(".ts")) {
      const url = new URL(specifier.replace(/\.js$/, ".ts"), context.parentURL);
      if (existsSync(fileURLToPath(url))) return { url: url.href, format: "module-typescript", shortCircuit: true };
    }
    return next(specifier, context);
  },
});
