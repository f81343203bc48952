import type { ModuleRef } from "@nestjs/core";
import {
  type ChatRun,
  chatRunExists,
  type GenerateRequest,
  memoryRunStore,
  type RunStore,
  type ScopeOptions,
  startChatRun,
  stopRun,
} from "@signalbox/core";
import { getLLMClientToken } from "../llm.tokens.js";
import { LLMRequests } from "../llm-requests.js";
import { runNotFound } from "../steps/run-host.js";
import type { ChatControllerOptions } from "./chat-controller.js";

/** Hears what a run has failed with, and why one is not kept. */
export type ChatFault = (error: unknown, run: { runId: string }) => void;

/** Whoever asks: what its calls carry, and whose its runs are. */
export interface Caller {
  scope: ScopeOptions;
  owner: string | undefined;
}

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
    { scope, owner }: Caller,
    asked: GenerateRequest,
    mustKeep: boolean,
  ): ChatRun {
    const client = moduleRef.get(getLLMClientToken(this.#options.client), { strict: false });
    const requests = moduleRef.get(LLMRequests, { strict: false });
    const { request: known, signal } = requests.of(request);
    const execute = () => {
      // The request's own scope is named: without the request context nothing carries it. What `authorize` says is
      // added to it: policies and budgets add up.
      const llm = client.scope(requests.scopeOf(client)?.(known) ?? {}).scope(scope);
      const { leaseMs } = this.#options;
      const onUnkept = (error: unknown) => this.#fault(error, run.runId);
      return startChatRun(llm, asked, { store: this.store, owner, leaseMs, mustKeep, onUnkept });
    };
    const lasts = this.#options.onDisconnect === "continue";
    const run = lasts ? requests.outlive()(execute) : execute();
    this.#keep(run, owner);
    // Also one that its caller did not wait for outlives its request, and the others have their end to write down.
    void run.settled.then(requests.live.runs({ end: (reason) => run.cancel(reason) }));
    if (lasts) return run;
    const stop = () => run.cancel(signal.reason);
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
    void run.settled.then(() => signal.removeEventListener("abort", stop));
    return run;
  }

  /** Throws `not_found` for a run that is unknown, no chat, or another owner's. */
  async find(runId: string, { owner }: Caller): Promise<void> {
    if (!(await chatRunExists(this.store, runId, { owner }))) throw runNotFound(runId);
  }

  /** Stops a run; one that has ended stays as it is. False where its process has not answered in time. */
  async stop(runId: string, caller: Caller): Promise<boolean> {
    const live = this.#live.get(runId);
    if (live !== undefined && live.owner === caller.owner) {
      live.run.cancel("it was stopped by request");
      await live.run.settled;
      return true;
    }
    await this.find(runId, caller);
    return stopRun(this.store, runId, { timeoutMs: this.#options.stopTimeoutMs });
  }

  #keep(run: ChatRun, owner: string | undefined): void {
    const { runId } = run;
    this.#live.set(runId, { run, owner });
    void run.settled.then(() => this.#live.delete(runId));
    run.result.then(
      (result) => this.#tell(() => this.#options.onFinish?.(result, { runId }), runId),
      (error: unknown) => this.#fault(error, runId),
    );
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
