import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const source = "packages/core/src";

/** The tests that judge mutants: pure ones, without a socket, of the mutated files. */
export default defineConfig({
  test: {
    // Copies of mutated sources would fill the cache and never be read again.
    fsModuleCache: false,
    include: [
      `${source}/sse/*.test.ts`,
      `${source}/generate/{accumulator*,answer-facts,growing-text,finish-reason}.test.ts`,
      `${source}/messages/{audio-pieces,logprobs,reasoning-details}.test.ts`,
      `${source}/provider/merge-chunks.test.ts`,
      `${source}/tools/{tool-call-assembler,parse-arguments}.test.ts`,
      `${source}/http/{retry-policy,retry-budget,connection-failure}.test.ts`,
      `${source}/errors/read-retry-after.test.ts`,
      `${source}/usage/*.test.ts`,
      `${source}/models/{price-conditions,read-price*}.test.ts`,
      `${source}/limits/worst-case-*.test.ts`,
    ],
    setupFiles: [fileURLToPath(new URL("../../packages/core/test/pure-setup.ts", import.meta.url))],
    expect: { requireAssertions: true },
  },
});
