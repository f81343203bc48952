import type { Profiler as V8 } from "node:inspector";
import type { Session } from "node:inspector/promises";

/** Own time of a function, of all calls of it together. */
export interface Hotspot {
  /** Function, file and line. */
  where: string;
  percent: number;
}

/** Waiting, and the profiler itself. */
const NOT_OURS = /^\(idle\)$|^post node:inspector/;

/** Samples this process while it is measured: what `--cpu-prof` shows, without imports and warm-up. */
export class Profiler {
  #session: Session | undefined;
  #profile: V8.Profile | undefined;

  async start(): Promise<void> {
    const { Session } = await import("node:inspector/promises");
    this.#session = new Session();
    this.#session.connect();
    await this.#session.post("Profiler.enable");
    await this.#session.post("Profiler.setSamplingInterval", { interval: 200 });
    await this.#session.post("Profiler.start");
  }

  async stop(): Promise<void> {
    const stopped = await this.#session?.post("Profiler.stop");
    this.#profile = stopped?.profile;
    this.#session?.disconnect();
  }

  /** Functions by their own time, the dearest first; waiting is left out. */
  hotspots(): Hotspot[] {
    const { nodes = [], samples = [], timeDeltas = [] } = this.#profile ?? {};
    const names = new Map(nodes.map((node) => [node.id, nameOf(node)]));
    const times = new Map<string, number>();
    samples.forEach((id, at) => {
      const name = names.get(id) ?? "";
      if (!NOT_OURS.test(name)) times.set(name, (times.get(name) ?? 0) + (timeDeltas[at] ?? 0));
    });
    const total = [...times.values()].reduce((sum, time) => sum + time, 0);
    return [...times].sort(([, a], [, b]) => b - a).map(([where, time]) => ({ where, percent: (100 * time) / total }));
  }
}

function nameOf({ callFrame }: V8.ProfileNode): string {
  const { functionName, url, lineNumber } = callFrame;
  const name = functionName || "(anonymous)";
  if (url === "") return name;
  const file = url.split("/node_modules/").at(-1)?.split("/").slice(-3).join("/");
  return `${name} ${file}:${lineNumber + 1}`;
}
