import type { CallerKey } from "./gate-metadata.js";

export const LLM_LIMIT = "signalbox:llm-limit";

/** How often, and how many at a time, one caller may ask. */
export interface LLMLimitRule {
  /** Requests in any 60 seconds; those that are refused do not count. */
  requestsPerMinute?: number | undefined;
  /** Requests that are answered at once, in this process, until the answer is over. */
  maxConcurrency?: number | undefined;
  /**
   * Who is counted together: a name, or a function of who asks; undefined is not limited.
   * @default the user of the module's `scope`, else the address the request came from
   */
  key?: string | CallerKey | undefined;
}
