import type { Figures, ProcessScenario } from "./scenario.ts";

const STREAMS = 1_000;
const COLLECTIONS = 6;

/** Streams that have begun and then say nothing: what a thousand waiting users cost. */
export const scenario: ProcessScenario = {
  kind: "process",
  title: "1,000 streams held open after their first deltas",
  nodeFlags: ["--expose-gc"],
  metrics: [
    { key: "heapKB", title: "heap KB a stream", against: "floor-a" },
    { key: "externalKB", title: "external KB a stream" },
  ],
  measure: (peer, run) =>
    run.repeat(3, async () => {
      const before = await settledMemory();
      const begun = Promise.withResolvers<void>();
      let open = 0;
      const reads = Array.from({ length: STREAMS }, () =>
        peer.stream("bench:held", () => {
          open += 1;
          if (open === STREAMS) begun.resolve();
        }),
      );
      await Promise.race([begun.promise, Promise.all(reads)]);
      const held = await settledMemory();
      run.release();
      await Promise.all(reads);
      return {
        heapKB: (held.heapKB - before.heapKB) / STREAMS,
        externalKB: (held.externalKB - before.externalKB) / STREAMS,
      };
    }),
};

/** What is reachable, in KB. */
async function settledMemory(): Promise<Figures & { heapKB: number; externalKB: number }> {
  if (!globalThis.gc) throw new Error("needs --expose-gc");
  for (let at = 0; at < COLLECTIONS; at += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    await globalThis.gc({ execution: "async", type: "major" });
  }
  const { heapUsed, external } = process.memoryUsage();
  return { heapKB: heapUsed / 1_024, externalKB: external / 1_024 };
}
