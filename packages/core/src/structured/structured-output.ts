/** Everything that is loaded with the first call for an object. */
export { generateStructured } from "./generate-structured.js";
export { openStructured } from "./open-structured.js";
export { PartialReader } from "./partial-reader.js";
