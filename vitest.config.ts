import { defineConfig } from "vitest/config";

export default defineConfig({
  test: { projects: [".ci", "packages/*", "apps/*", "compat/*"] },
});
