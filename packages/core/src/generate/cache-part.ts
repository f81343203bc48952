import { lazyPart } from "../errors/lazy-part.js";

/** What looks for answers in a client's cache. */
export type CachePart = typeof import("../cache/cached-call.js");
export const cachePart = /* @__PURE__ */ lazyPart((): Promise<CachePart> => import("../cache/cached-call.js"));
