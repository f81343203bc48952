import { project } from "../../.ci/vitest-project.js";

// The Express adapter's own tests, with Express resolved from this folder.
export default project({
  name: "express4",
  include: ["../../packages/express/src/**/*.test.ts", "../../packages/express/test/**/*.test.ts"],
  dedupe: ["express"],
  env: { EXPRESS_MAJOR: "4" },
});
