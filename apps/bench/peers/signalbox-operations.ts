import type { OpenPeer } from "./peer.ts";
import { openClient, read } from "./signalbox.ts";

/** With everything that a service counts at work: limits, two budget windows, and a ledger in memory. */
export const open: OpenPeer = async (target) => {
  const { memoryLedger } = (await import(
    new URL("ledger.js", target.core).href
  )) as typeof import("@signalbox/core/ledger");
  const client = await openClient(target, {
    budget: [
      { usd: 1_000_000, per: "day" },
      { usd: 10_000_000, per: "month" },
    ],
    limits: { requestsPerMinute: 10_000_000, maxConcurrency: 2_000 },
    ledger: memoryLedger(),
  });
  return { ...read(client), plain: read(await openClient(target, {})) };
};
