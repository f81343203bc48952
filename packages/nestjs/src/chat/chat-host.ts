import type { ModuleRef } from "@nestjs/core";
import {
  type ChatRun,
  chatRunExists,
  type GenerateRequest,
  memoryRunStore,
  type RunStore,
  startChatRun,
  stopRun,
} from "@signalbox/core";
import { type RunCaller, runNotFound } from "@signalbox/core/node";
import { beginRun } from "../begin-run.js";
import type { ChatControllerOptions } from "./chat-controller.js";

/** Hears what a run has failed with, and why one is not kept. */
export type ChatFault = (error: unknown, run: { runId: string }) => void;

/** Executes and finds the chats of one controller. */
export class ChatHost {
  readonly store: RunStore;
  readonly #options: ChatControllerOptions;
  readonly #log: ChatFault;
  readonly #live = new Map<string, { run: ChatRun; owner: string | undefined }>();

  /** @param log - hears what nobody else listens to, and what a listener throws */
  constructor(options: ChatControllerOptions, log: ChatFault) {
    this.#options = options;
    this.#log = log;
    this.store = options.store ?? memoryRunStore();
  }

  /** Starts a run for a request; with "abort" it ends when the client leaves. */
  begin(
    moduleRef: ModuleRef,
    request: object,
    { scope, owner }: RunCaller,
    asked: GenerateRequest,
    mustKeep: boolean,
  ): ChatRun {
    const { leaseMs } = this.#options;
    const run = beginRun(moduleRef, request, scope, this.#options, (llm) => {
      const onUnkept = (error: unknown) => this.#fault(error, started.runId);
      const started = startChatRun(llm, asked, { store: this.store, owner, leaseMs, mustKeep, onUnkept });
      return started;
    });
    const { runId } = run;
    this.#live.set(runId, { run, owner });
    void run.settled.then(() => this.#live.delete(runId));
    run.result.then(
      (result) => this.#tell(() => this.#options.onFinish?.(result, { runId }), runId),
      (error: unknown) => this.#fault(error, runId),
    );
    return run;
  }

  /** Throws `not_found` for a run that is unknown, no chat, or another owner's. */
  async find(runId: string, { owner }: RunCaller): Promise<void> {
    if (!(await chatRunExists(this.store, runId, { owner }))) throw runNotFound(runId);
  }

  /** Stops a run; one that has ended stays as it is. False where its process has not answered in time. */
  async stop(runId: string, caller: RunCaller): Promise<boolean> {
    const live = this.#live.get(runId);
    if (live !== undefined && live.owner === caller.owner) {
      live.run.cancel("it was stopped by request");
      await live.run.settled;
    }
    // What is kept decides: this process may not have been able to keep the end, or not be the one that executes it.
    await this.find(runId, caller);
    return stopRun(this.store, runId, { timeoutMs: this.#options.stopTimeoutMs });
  }

  #fault(error: unknown, runId: string): void {
    void this.#tell(() => (this.#options.onError ?? this.#log)(error, { runId }), runId);
  }

  async #tell(listener: () => unknown, runId: string): Promise<void> {
    try {
      await listener();
    } catch (fault) {
      // A listener that throws must not end the run.
      this.#log(fault, { runId });
    }
  }
}
