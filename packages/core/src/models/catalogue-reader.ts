import { lazyPart } from "../errors/lazy-part.js";

/** What reads lists of models and of endpoints: needed by whoever asks for them, not for the bundled list. */
export const catalogueReader = /* @__PURE__ */ lazyPart(() => import("./read-models.js"));
