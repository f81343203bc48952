/** Of one unit, microseconds. */
export type Clocked = Record<"cpuUs" | "wallUs", number>;

/** CPU time of the whole process (user and system, all threads) and wall time of `work`, each divided by `units`. */
export async function clocked(units: number, work: () => Promise<void>): Promise<Clocked> {
  const cpu = process.cpuUsage();
  const start = performance.now();
  await work();
  const wall = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  return { cpuUs: (user + system) / units, wallUs: (wall * 1_000) / units };
}

/** The same for so many calls, `atOnce` of them running at any time. */
export function clockedAtOnce(calls: number, atOnce: number, call: () => Promise<void>): Promise<Clocked> {
  return clocked(calls, async () => {
    let left = calls;
    const worker = async () => {
      while (left > 0) {
        left -= 1;
        await call();
      }
    };
    await Promise.all(Array.from({ length: atOnce }, worker));
  });
}

/** Fails where a peer lost text or made some up. */
export function assertChars(got: number, want: number): void {
  if (got !== want) throw new Error(`the text has ${got} characters instead of ${want}`);
}

export const CPU_PER_CHUNK = { key: "cpuUs", title: "CPU µs a chunk", against: "floor-a" };
export const PIECES = { key: "pieces", title: "pieces of text a text delta" };
