import { project } from "../../.ci/vitest-project.js";

// The NestJS adapter's own tests, with NestJS resolved from this folder.
export default project({
  name: "nest11",
  include: ["../../packages/nestjs/src/**/*.test.ts", "../../packages/nestjs/test/**/*.test.ts"],
  dedupe: [
    "@nestjs/common",
    "@nestjs/core",
    "@nestjs/platform-express",
    "@nestjs/platform-fastify",
    "@nestjs/testing",
    "reflect-metadata",
    "rxjs",
  ],
  env: { NEST_MAJOR: "11" },
});
