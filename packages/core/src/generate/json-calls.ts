import { lazyPart } from "../errors/lazy-part.js";

/** What serves `embed()` and `rerank()`. */
export const jsonCalls = /* @__PURE__ */ lazyPart(() => import("./json-call.js"));
