import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { median } from "../report/statistics.ts";
import { readAnswer, readDelays } from "./relay-callers.ts";
import type { RelayCpu, RelayServer } from "./relay-server.ts";
import type { RelayUpstream } from "./relay-upstream.ts";
import type { SurveyScenario } from "./scenario.ts";

const KINDS = ["pipe", "relay", "events"] as const;
const ROUNDS = 5;
const REPETITIONS = 5;
const STREAMS = 20;
const CHUNKS = 1_000;
const PACED_STREAMS = 200;
const WARM_UP = 2;

/**
 * What an Express server costs that stands before the upstream: as a raw byte pipe, as `openAICompatible()` with
 * authorize, limits and budget, and as a `chatHandler()` in the format `events` behind the same client.
 */
export const scenario: SurveyScenario = {
  kind: "survey",
  title: `relay through Express: ${STREAMS} streams of ${CHUNKS} chunks unpaced, ${PACED_STREAMS} of 50 a second`,
  metrics: [
    { key: "cpuUs", title: "CPU µs a chunk", against: "pipe" },
    { key: "p50Us", title: "p50 of the delay, µs", against: "pipe" },
  ],
  async survey({ corePackage }) {
    const core = pathToFileURL(join(corePackage, "dist", "index.js")).href;
    const { child: upstream, hello } = await started<RelayUpstream>("relay-upstream.ts");
    const figures: Record<string, Record<string, number[]>> = {};
    try {
      for (let round = 0; round < ROUNDS; round += 1) {
        for (const kind of round % 2 === 0 ? KINDS : KINDS.toReversed()) {
          const values = await measure({ kind, upstream: `http://127.0.0.1:${hello.port}/api/v1`, core }, hello.bytes);
          figures[kind] ??= {};
          for (const [key, value] of Object.entries(values))
            figures[kind][key] = [...(figures[kind][key] ?? []), value];
        }
      }
    } finally {
      upstream.disconnect();
    }
    return figures;
  },
};

/** One server process: warmed up, measured and ended. */
async function measure(server: RelayServer, bytes: number): Promise<Record<string, number>> {
  const { child, hello } = await started<{ port: number }>("relay-server.ts", JSON.stringify(server));
  const { port } = hello;
  try {
    const batch = async () => {
      const read = await Promise.all(Array.from({ length: STREAMS }, () => readAnswer(port, "bench:unpaced")));
      if (server.kind !== "events" && read.some((length) => length !== bytes)) throw new Error("bytes were lost");
    };
    for (let round = 0; round < WARM_UP; round += 1) await batch();
    const costs: number[] = [];
    for (let repetition = 0; repetition < REPETITIONS; repetition += 1) {
      await cpuOf(child, "start");
      await batch();
      costs.push((await cpuOf(child, "stop")) / (STREAMS * CHUNKS));
    }
    const delays = (await Promise.all(Array.from({ length: PACED_STREAMS }, () => readDelays(port)))).flat();
    return { cpuUs: median(costs), p50Us: median(delays) };
  } finally {
    child.disconnect();
  }
}

async function cpuOf(child: ChildProcess, message: "start" | "stop"): Promise<number> {
  const answer = once(child, "message");
  child.send(message);
  const [{ cpuUs }] = (await answer) as [RelayCpu];
  return cpuUs;
}

async function started<Hello>(file: string, argument = ""): Promise<{ child: ChildProcess; hello: Hello }> {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), [argument], {
    env: { PATH: process.env.PATH },
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const [hello] = (await once(child, "message")) as [Hello];
  return { child, hello };
}
