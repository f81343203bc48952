import { project } from "../../.ci/vitest-project.js";

export default project({ name: "example-telemetry" });
