import { lazyPart } from "./lazy-part.js";

/** What reads the failures of upstream: a program whose calls succeed never needs it. */
export const upstreamErrors = /* @__PURE__ */ lazyPart(() => import("./upstream-reader.js"));
