import { type BeforeApplicationShutdown, Injectable, type OnModuleDestroy } from "@nestjs/common";
import { type LLM, LLMClient, type LLMClientOptions } from "@signalbox/core";

/** Makes a client and ends it with the application. */
@Injectable()
export class ClientLifecycle implements OnModuleDestroy, BeforeApplicationShutdown {
  readonly #graceMs: number;
  #client: LLM | undefined;
  #closing: Promise<void> | undefined;

  constructor(graceMs: number) {
    this.#graceMs = graceMs;
  }

  create(options: LLMClientOptions): LLM {
    this.#client = new LLMClient(options);
    return this.#client;
  }

  /** No call gets in from here on, and the grace begins. */
  onModuleDestroy(): void {
    this.#closing = this.#client?.close({ graceMs: this.#graceMs });
  }

  /** The last hook before the HTTP server closes, which would cut streams off or wait for their clients. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.#closing;
  }
}
