/** Everything that is loaded with the first call that has tools or approvals. */
export { normalizeSchema } from "../structured/normalize-schema.js";
export { pendingCalls } from "./pending-calls.js";
export { judge, keepRepairs, nextChoice, runTools, stops } from "./tool-steps.js";
export { declaredNames, wireTools } from "./wire-tools.js";
