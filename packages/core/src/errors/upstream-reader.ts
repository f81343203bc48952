/** Everything that is loaded with the first failure of upstream. */
export { readUpstreamError } from "./read-upstream-error.js";
