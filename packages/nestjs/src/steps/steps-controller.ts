import {
  Body,
  Delete,
  ForbiddenException,
  Get,
  Head,
  Inject,
  Logger,
  Param,
  Post,
  Req,
  Res,
  type Type,
} from "@nestjs/common";
import { ModuleRef } from "@nestjs/core";
import { followRun, type Pipeline, type ScopeOptions, type StepEvent } from "@signalbox/core";
import {
  admitToRun,
  checkOptions,
  endsWithReader,
  findRunCaller,
  type OptionRules,
  RUN_SERVER_RULES,
  type RunServerOptions,
  readPosition,
  readResumeFrom,
  runInputs,
  wantsToFollow,
} from "@signalbox/core/node";
import { ChatStream } from "../chat-stream.decorator.js";
import type { FrameworkAnswer } from "../http-answer.js";
import type { FrameworkRequest } from "../http-request.js";
import { LLMRequests } from "../llm-requests.js";
import { RunHost } from "./run-host.js";
import { locationOf, objectOf, type RunInput, type RunRequest } from "./run-request.js";

/** Whose calls run a pipeline, where its runs are kept, and how they are told. */
export interface StepsControllerOptions<Input> extends RunServerOptions {
  /** The name of the client that the steps ask. @default "default" */
  client?: string | undefined;
  /** Who may start a run, or touch the run `runId`: true, the scope of its calls, or false. @default whom the guards let in */
  authorize?:
    | {
        /** @param request - after the guards, so that `request.user` is known */
        of(request: FrameworkRequest, runId?: string): ScopeOptions | boolean | Promise<ScopeOptions | boolean>;
      }["of"]
    | undefined;
  /** Checks and shapes the body: a Standard Schema or a function. @default the body as it is */
  input?: RunInput<Input> | undefined;
  /** How events are written. @default "sse" */
  transport?: "sse" | "ndjson" | undefined;
  /** Hears what steps threw, what kept a run from its end, and of runs that were stopped (`aborted`). @default logged */
  onError?: ((error: unknown, run: { runId: string; step?: string | undefined }) => void) | undefined;
}

const OPTIONS: OptionRules<StepsControllerOptions<never>> = {
  ...RUN_SERVER_RULES,
  client: "anything",
  authorize: "function",
  input: "anything",
  transport: ["sse", "ndjson"],
  onError: "function",
};

/** The routes of {@link StepsController}; override one to change it. */
export interface StepsRoutes {
  /** `POST /`: starts a run, or goes on with `{ resumeFrom }`. */
  start(
    request: RunRequest,
    response: FrameworkAnswer,
    body: unknown,
  ): Promise<AsyncIterable<StepEvent> | { runId: string }>;
  /** `POST /:runId/resume`: goes on with a run that failed. */
  resume(
    request: RunRequest,
    response: FrameworkAnswer,
    runId: string,
  ): Promise<AsyncIterable<StepEvent> | { runId: string }>;
  /** `HEAD /:runId`: whether there is such a run. */
  find(request: RunRequest, runId: string): Promise<void>;
  /** `GET /:runId`: replays a run behind `Last-Event-ID` or `?after=`, and goes on live. */
  follow(request: RunRequest, runId: string): Promise<AsyncIterable<StepEvent>>;
  /** `DELETE /:runId`: stops a run; with 202 it gives the run that has not answered in time. */
  stop(request: RunRequest, runId: string, response: FrameworkAnswer): Promise<{ runId: string } | undefined>;
}

/**
 * A controller class that runs a pipeline over HTTP, to extend: `class DeckController extends StepsController(deck) {}`
 * under a `@Controller()` with guards and interceptors of your own.
 *
 * Shape: `POST /` answers with the run's events and `Location`; with `?follow=0`, or where only JSON is accepted, with
 * 202 and `{ runId }` once the run has begun. `GET /:runId` replays behind `Last-Event-ID` or `?after=` and goes on
 * live, also in another process over one store; `POST /:runId/resume` goes on with a run that failed. `DELETE /:runId`
 * gives 204 once the run has ended, in whichever process, and 202 with `{ runId }` where its process has not answered
 * within `stopTimeoutMs`. A step that fails is an event like any other; a run whose process died ends with `data.code`
 * "interrupted" and can be resumed; `data: [DONE]` comes last.
 * Throws: `invalid_request` (400) for input and positions that make no sense, (409) for a run that is executed and
 * resumed, or is to stop in another process where the store has no `cancel`; `not_found` (404) for an unknown run, and
 * for one that `authorize` keeps from its caller; 403 for a start.
 * Cancels: with `"abort"` a starter who leaves, or whose answer an interceptor gives up, stops the run and its calls;
 * whoever only follows never does.
 */
export function StepsController<Input>(
  pipeline: Pipeline<Input>,
  options: StepsControllerOptions<Input> = {},
): Type<StepsRoutes> {
  checkOptions("StepsController", options, OPTIONS);
  const makeInput = runInputs("StepsController", options.input);
  const runs = new RunHost(pipeline, options, logFault);
  const leaseCheckMs = Math.min(5_000, options.leaseMs ?? 30_000);
  const stream = {
    format: options.transport === "ndjson" ? "ndjson" : "events",
    heartbeatMs: options.heartbeatMs,
  } as const;

  class Steps implements StepsRoutes {
    @Inject(ModuleRef) readonly moduleRef!: ModuleRef;

    @Post()
    @ChatStream(stream)
    async start(
      @Req() request: RunRequest,
      @Res({ passthrough: true }) response: FrameworkAnswer,
      @Body() body: unknown,
    ) {
      const given = objectOf(body);
      const resumeFrom = readResumeFrom(given);
      if (resumeFrom !== undefined) return this.resume(request, response, resumeFrom);
      const caller = await findRunCaller(request, options);
      if (caller === undefined) throw new ForbiddenException("this may not be started");
      return this.#begin(request, response, caller.scope, await makeInput(given, request));
    }

    @Post(":runId/resume")
    @ChatStream(stream)
    async resume(
      @Req() request: RunRequest,
      @Res({ passthrough: true }) response: FrameworkAnswer,
      @Param("runId") runId: string,
    ) {
      const { scope } = await admitToRun(request, options, runId);
      // Nobody learns of the runs of others by going on with them.
      await runs.check(runId);
      return this.#begin(request, response, scope, undefined, runId);
    }

    // Before the route of GET, which would answer it too, and last as long as the run.
    @Head(":runId")
    async find(@Req() request: RunRequest, @Param("runId") runId: string): Promise<void> {
      await admitToRun(request, options, runId);
      readPosition(request);
      await runs.check(runId);
    }

    @Get(":runId")
    @ChatStream(stream)
    async follow(@Req() request: RunRequest, @Param("runId") runId: string) {
      await admitToRun(request, options, runId);
      const { signal } = this.moduleRef.get(LLMRequests, { strict: false }).of(request);
      return followRun(runs.store, runId, readPosition(request), {
        signal,
        pipeline: pipeline.name,
        leaseCheckMs,
      });
    }

    @Delete(":runId")
    async stop(
      @Req() request: RunRequest,
      @Param("runId") runId: string,
      @Res({ passthrough: true }) response: FrameworkAnswer,
    ): Promise<{ runId: string } | undefined> {
      await admitToRun(request, options, runId);
      const hasEnded = await runs.stop(runId);
      response.status(hasEnded ? 204 : 202);
      return hasEnded ? undefined : { runId };
    }

    async #begin(
      request: RunRequest,
      response: FrameworkAnswer,
      scope: ScopeOptions,
      input: Input | undefined,
      resumeFrom?: string,
    ) {
      const run = runs.begin(this.moduleRef, request, scope, input, resumeFrom);
      // What keeps a run from beginning is answered like any other failure.
      await run.begun();
      response.header("Location", locationOf(request, run.runId));
      if (wantsToFollow(request)) return options.onDisconnect === "continue" ? run.events() : endsWithReader(run);
      response.status(202);
      return { runId: run.runId };
    }
  }
  return Steps;
}

const logger = new Logger("StepsController");

function logFault(error: unknown, { runId, step }: { runId: string; step?: string | undefined }): void {
  const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  logger.error(`run ${runId}${step === undefined ? "" : `, step ${step}`}: ${what}`);
}
