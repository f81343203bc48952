import { defineConfig } from "tsup";

export default defineConfig({
  entry: { index: "src/index.ts", bullmq: "src/bullmq/index.ts" },
  format: ["esm", "cjs"],
  splitting: true,
  dts: true,
  sourcemap: true,
  clean: true,
  target: "node22",
});
