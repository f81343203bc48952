import { project } from "../../.ci/vitest-project.js";

// The NestJS adapter's own tests, with NestJS resolved from this folder.
export default project({
  name: "nest11",
  include: ["../../packages/nestjs/src/**/*.test.ts", "../../packages/nestjs/test/**/*.test.ts"],
  dedupe: [
    "@apollo/server",
    "@as-integrations/express5",
    "@nestjs/apollo",
    "@nestjs/common",
    "@nestjs/config",
    "@nestjs/core",
    "@nestjs/graphql",
    "@nestjs/platform-express",
    "@nestjs/platform-fastify",
    "@nestjs/platform-ws",
    "@nestjs/swagger",
    "@nestjs/terminus",
    "@nestjs/testing",
    "@nestjs/websockets",
    "graphql",
    "reflect-metadata",
    "rxjs",
  ],
  env: { NEST_MAJOR: "11" },
});
