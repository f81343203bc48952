import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** A process that answers questions over its IPC channel, and may say something unasked. */
export class Child {
  readonly #process: ChildProcess;
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>();
  #asked = 0;

  /** @param onNews - hears what the process says unasked */
  constructor(file: string, execArgv: readonly string[], onNews: (news: unknown) => void = () => {}) {
    this.#process = fork(fileURLToPath(new URL(file, import.meta.url)), {
      execArgv: [...execArgv],
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    this.#process.on("message", (message: { to?: number; value?: unknown; news?: unknown }) => {
      if (message.to === undefined) return onNews(message.news);
      this.#waiting.get(message.to)?.resolve(message.value);
      this.#waiting.delete(message.to);
    });
    this.#process.once("exit", (code) => {
      for (const { reject } of this.#waiting.values()) reject(new Error(`the process ended with ${code}`));
    });
  }

  ask<T>(question: string, about: object = {}): Promise<T> {
    const id = this.#asked++;
    const answer = Promise.withResolvers<unknown>();
    this.#waiting.set(id, answer);
    this.#process.send({ id, question, about });
    return answer.promise as Promise<T>;
  }

  async stop(): Promise<void> {
    const ended = once(this.#process, "exit");
    this.#process.kill("SIGKILL");
    await ended;
  }
}
