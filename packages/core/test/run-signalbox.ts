import { PassThrough } from "node:stream";
import { runCommand } from "../src/cli/run-command.js";

interface Surroundings {
  env?: Record<string, string>;
  /** What is piped in; absent: nothing, and the input is a terminal. */
  stdin?: string;
  /** Makes all of it a terminal, or the input alone. */
  terminal?: boolean | "stdin";
  signal?: AbortSignal;
  loadSimulator?: () => Promise<unknown>;
  loadPostgres?: () => Promise<unknown>;
  onOutput?: (text: string) => void;
}

/** Runs the command in this process and resolves with what it printed and its exit code. */
export async function signalbox(args: string[], surroundings: Surroundings = {}) {
  const { env = {}, stdin, terminal = false, signal = new AbortController().signal } = surroundings;
  const printed = { stdout: "", stderr: "" };
  const output = (name: keyof typeof printed) => {
    const stream = Object.assign(new PassThrough(), { isTTY: terminal === true });
    stream.setEncoding("utf8").on("data", (text: string) => {
      printed[name] += text;
      surroundings.onOutput?.(text);
    });
    return stream;
  };
  const input = Object.assign(new PassThrough(), { isTTY: stdin === undefined || terminal !== false });
  if (stdin !== undefined) input.end(stdin);
  const code = await runCommand(args, "1.2.3", {
    stdin: input,
    stdout: output("stdout"),
    stderr: output("stderr"),
    env,
    signal,
    loadSimulator: surroundings.loadSimulator ?? (() => import("@signalbox/testing")),
    loadPostgres: surroundings.loadPostgres ?? (() => import("pg")),
  });
  return { code, ...printed };
}
