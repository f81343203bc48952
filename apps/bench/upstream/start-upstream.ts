import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Expectation } from "./body.ts";
import type { Listening } from "./server.ts";

export interface Upstream {
  readonly baseURL: string;
  readonly expect: Record<string, Expectation>;
  /** Lets every held stream go on to its end. */
  release(): void;
  stop(): void;
}

/** Starts the upstream in a process of its own, so that its work is in nobody's figures. */
export async function startUpstream(): Promise<Upstream> {
  const child = fork(fileURLToPath(new URL("./server.ts", import.meta.url)), {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const [{ port, expect }] = (await once(child, "message")) as [Listening];
  return {
    baseURL: `http://127.0.0.1:${port}/api/v1`,
    expect,
    release: () => void child.send("release"),
    stop: () => child.disconnect(),
  };
}
