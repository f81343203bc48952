import { defineConfig } from "tsup";

export default defineConfig({
  entry: { index: "src/index.ts", augment: "src/augment.ts" },
  format: ["esm", "cjs"],
  splitting: true,
  dts: true,
  sourcemap: true,
  clean: true,
  target: "node22",
});
