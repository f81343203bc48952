// Mutates the pure core: what reads streams, puts answers and tool calls together, decides on retries, counts money.
import { tmpdir } from "node:os";
import { join } from "node:path";

const source = "packages/core/src";

/** @type {ConstructorParameters<typeof import("@stryker-mutator/core").Stryker>[0]} */
export default {
  mutate: [
    `${source}/sse/*.ts`,
    `${source}/generate/{accumulator,answer-facts,growing-text,finish-reason}.ts`,
    `${source}/messages/{audio-pieces,logprobs,reasoning-details}.ts`,
    `${source}/provider/merge-chunks.ts`,
    `${source}/tools/{tool-call-assembler,parse-arguments}.ts`,
    `${source}/http/{retry-policy,retry-budget,connection-failure}.ts`,
    `${source}/errors/read-retry-after.ts`,
    `${source}/usage/*.ts`,
    `${source}/models/{price-conditions,read-price}.ts`,
    `${source}/limits/worst-case-cost.ts`,
    "!**/*.test.ts",
  ],
  // A copy of what the tests need, outside of the tree.
  tempDirName: join(tmpdir(), "signalbox-mutation"),
  ignorePatterns: [
    "**",
    "!packages",
    "!packages/core",
    "!packages/core/package.json",
    "!packages/core/src/**",
    "!packages/core/test/**",
    "!.ci",
    "!.ci/mutation/**",
    "!package.json",
    "!tsconfig.base.json",
  ],
  plugins: ["@stryker-mutator/vitest-runner"],
  testRunner: "vitest",
  // Related: a mutant of what runs at import is shown to the tests that import its file, not to all.
  vitest: { configFile: ".ci/mutation/vitest.config.ts", related: true },
  coverageAnalysis: "perTest",
  concurrency: 2,
  disableTypeChecks: false,
  cleanTempDir: "always",
  // On top of twice the time that the tests of a mutant took without it, and of the start of the runner.
  timeoutMS: 3_000,
  timeoutFactor: 2,
  reporters: ["progress-append-only"],
  allowConsoleColors: false,
  checkers: [],
};
