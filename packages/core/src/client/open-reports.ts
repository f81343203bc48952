import { type LazyPart, lazyPart } from "../errors/lazy-part.js";
import type { ReportedRequest, RequestReport } from "../generate/request-report.js";
import type { Watcher } from "../generate/request-watch.js";
import type { SettledOrphans, SettleOrphansOptions } from "../ledger/settle-orphans.js";
import type { ResolvedClientOptions } from "./resolve-options.js";

export interface ReportSurroundings {
  /** Ends what goes on in the background. */
  signal: AbortSignal;
  /** Asks upstream what a generation of another process has cost; undefined where nobody tells. */
  lookUp: SettleOrphansOptions["lookUp"];
  inBackground(work: Promise<void>): void;
  warn(warning: { code: string; message: string }): void;
}

/** What tells the client's ledger and whoever watches of requests; undefined where it has neither. */
export function openReports(
  { ledger, budgetStore, clock }: ResolvedClientOptions,
  watching: LazyPart<Watcher> | undefined,
  { inBackground, warn, signal, lookUp }: ReportSurroundings,
): LazyPart<(request: ReportedRequest) => RequestReport> | undefined {
  if (ledger === undefined && watching === undefined) return undefined;
  return lazyPart(async () => {
    const [{ RequestReport }, thisProcess, orphanCare, watcher] = await Promise.all([
      import("../generate/request-report.js"),
      ledger && import("../ledger/process-identity.js").then((part) => part.thisProcess),
      ledger && import("../ledger/orphan-care.js").then((part) => part.orphanCare),
      watching?.(),
    ]);
    const desk = {
      clock,
      ledger,
      process: thisProcess?.() ?? "",
      watcher,
      inBackground,
      warn: (message: string) => warn({ code: "ledger", message }),
    };
    const care = ledger && orphanCare?.({ ledger, budgetStore, lookUp, signal, clock });
    const lookAfterOrphans = async (looking: Promise<SettledOrphans>) => {
      try {
        const { left } = await looking;
        if (left > 0 && !signal.aborted)
          desk.warn(`requests of processes that are gone could not be settled yet: ${left}; they are looked at again`);
      } catch (error) {
        desk.warn(`what processes that are gone have left could not be read: ${nameOf(error)}`);
      }
    };
    return (request: ReportedRequest) => {
      const looking = care?.();
      if (looking !== undefined) inBackground(lookAfterOrphans(looking));
      return new RequestReport(desk, request);
    };
  });
}

const nameOf = (error: unknown) => (error instanceof Error ? error.name : typeof error);
