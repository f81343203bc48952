import type { OpenPeer } from "./peer.ts";
import { openClient, read } from "./signalbox.ts";

/** The same with a budget and a limit at work: every call is reserved, counted, settled and released. */
export const open: OpenPeer = async (target) =>
  read(
    await openClient(target, {
      budget: { usd: 1_000_000, per: "day" },
      limits: { requestsPerMinute: 1_000_000, maxConcurrency: 2_000 },
    }),
  );
