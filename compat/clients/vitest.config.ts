import { project } from "../../.ci/vitest-project.js";

// Clients that other people made, against the router of the Express adapter.
export default project({ name: "clients" });
