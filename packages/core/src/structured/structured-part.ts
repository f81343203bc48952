import { lazyPart } from "../errors/lazy-part.js";

/** What serves `generateStructured()` and `streamStructured()`. */
export type StructuredPart = typeof import("./structured-output.js");
export const structuredPart = /* @__PURE__ */ lazyPart((): Promise<StructuredPart> => import("./structured-output.js"));
