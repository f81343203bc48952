import { InjectQueue } from "@nestjs/bullmq";
import { Body, Controller, Delete, Get, Headers, HttpCode, Inject, Param, Post, Res } from "@nestjs/common";
import { followRun, type RunStore, stopRun } from "@signalbox/core";
import { ChatStream } from "@signalbox/nestjs";
import { enqueueRun } from "@signalbox/redis/bullmq";
import type { Queue } from "bullmq";
import type { Response } from "express";
import { z } from "zod";
import type { ReportInput } from "./report.js";
import { RUN_STORE } from "./stores.module.js";

export const REPORTS = "reports";

const body = z.strictObject({ topic: z.string().min(1).max(200) });
const position = z.coerce.number().int().min(0).catch(0);

/** What a job that failed waits before it is tried again; a provider that says how long is obeyed instead. */
const JOB = {
  attempts: 4,
  backoff: { type: "exponential", delay: 2_000 },
  removeOnComplete: true,
  // A run that was stopped is a job that failed; for as long as the run log, in seconds.
  removeOnFail: { age: 86_400 },
};

/** Starts, tells and stops runs that a worker executes. Who knows the id of a run may follow and stop it. */
@Controller("reports")
export class ReportsController {
  readonly #queue: Queue;
  readonly #store: RunStore;

  constructor(@InjectQueue(REPORTS) queue: Queue, @Inject(RUN_STORE) store: RunStore) {
    this.#queue = queue;
    this.#store = store;
  }

  @Post()
  @HttpCode(202)
  async start(@Body({ schema: body }) input: ReportInput, @Res({ passthrough: true }) response: Response) {
    const { runId } = await enqueueRun(this.#queue, input, { store: this.#store, job: JOB });
    response.location(`/reports/${runId}`);
    return { runId };
  }

  /** Browsers send `Last-Event-ID` by themselves when they come back, to whichever process. */
  @Get(":runId")
  @ChatStream()
  follow(@Param("runId") runId: string, @Headers("last-event-id") last: string | undefined) {
    return followRun(this.#store, runId, position.parse(last ?? 0));
  }

  @Delete(":runId")
  async stop(@Param("runId") runId: string, @Res({ passthrough: true }) response: Response): Promise<void> {
    response.status((await stopRun(this.#store, runId)) ? 204 : 202);
  }
}
