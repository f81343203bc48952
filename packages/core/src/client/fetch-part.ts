import { lazyPart } from "../errors/lazy-part.js";

/** What serves `llm.fetch`. */
export const fetchPart = /* @__PURE__ */ lazyPart(() => import("./llm-fetch.js"));
