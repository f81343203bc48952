import type { RunStore } from "../steps/step-types.js";
import type { OptionRules } from "./check-options.js";

/** Where a server keeps its runs and how it tells them, whatever its framework. */
export interface RunServerOptions {
  /** Where runs are kept. @default in memory, for this router or controller alone */
  store?: RunStore | undefined;
  /** What becomes of a run whose starter leaves while it is told the run. @default "abort" */
  onDisconnect?: "abort" | "continue" | undefined;
  /** After how many milliseconds a process that died is noticed; its runs end as `interrupted`. @default 30_000 */
  leaseMs?: number | undefined;
  /** How many milliseconds a run of another process is waited for that is to stop. @default 5_000 */
  stopTimeoutMs?: number | undefined;
  /** A comment is written after so many milliseconds of silence; 0 = never. @default 15_000 */
  heartbeatMs?: number | undefined;
}

/** What `checkOptions` asks of {@link RunServerOptions}. */
export const RUN_SERVER_RULES: OptionRules<RunServerOptions> = {
  store: "anything",
  onDisconnect: ["abort", "continue"],
  leaseMs: "period",
  stopTimeoutMs: "milliseconds",
  heartbeatMs: "milliseconds",
};
