import { Processor, WorkerHost } from "@nestjs/bullmq";
import { Inject, Logger, type OnModuleDestroy } from "@nestjs/common";
import type { RunStore } from "@signalbox/core";
import { InjectLLM, type LLMService } from "@signalbox/nestjs";
import { pipelineProcessor, type RunJob, type RunProcessor } from "@signalbox/redis/bullmq";
import { report } from "./report.js";
import { REPORTS } from "./reports.controller.js";
import { RUN_STORE } from "./stores.module.js";

/** Executes reports, five at a time. */
@Processor(REPORTS, { concurrency: 5 })
export class ReportWorker extends WorkerHost implements OnModuleDestroy {
  readonly #logger = new Logger(ReportWorker.name);
  readonly #processor: RunProcessor;

  constructor(@InjectLLM() { client }: LLMService, @Inject(RUN_STORE) store: RunStore) {
    super();
    this.#processor = pipelineProcessor(report, {
      llm: client,
      store,
      onError: (error, { runId, step }) => this.#logger.warn(`run ${runId}, ${step ?? "no step"}: ${String(error)}`),
    });
  }

  // BullMQ counts the parameters: without the third one it gives no signal.
  process(job: RunJob, token?: string, signal?: AbortSignal) {
    return this.#processor(job, token, signal);
  }

  /** Runs that are not over within the grace go back to the queue, and another worker goes on with them. */
  async onModuleDestroy(): Promise<void> {
    await Promise.all([this.#processor.close({ graceMs: 3_000 }), this.worker.close()]);
  }
}
