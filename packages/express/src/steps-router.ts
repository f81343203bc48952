import { AsyncResource } from "node:async_hooks";
import {
  followRun,
  type LLM,
  memoryRunStore,
  type Pipeline,
  runPipeline,
  type ScopeOptions,
  type StepEvent,
  stopRun,
} from "@signalbox/core";
import {
  admitToRun,
  disconnectSignal,
  ExecutedRun,
  endsWithReader,
  findRunCaller,
  type OptionRules,
  pipeStream,
  RUN_SERVER_RULES,
  type RunServerOptions,
  readPosition,
  readResumeFrom,
  runInputs,
  type StreamFormat,
  wantsToFollow,
} from "@signalbox/core/node";
import { type Request, type RequestHandler, type Response, Router } from "express";
import { readBodyLimit } from "./body/body-limit.js";
import { jsonBodyReader } from "./body/json-body.js";
import { callListener } from "./callback-fault.js";
import { checkClient } from "./llm-client-shape.js";
import { checkOptions, refuseRequest, setupMistake } from "./option-checks.js";
import { findRequestLLM, requireRequestLLM } from "./request-llm.js";
import { answered, answerStop, checkRun, forbid } from "./steps/run-answers.js";
import type { StepsInput } from "./steps/steps-input.js";
import { untilShutdown } from "./steps/until-shutdown.js";

/** Who may run a pipeline over HTTP, where runs are kept, and how they are told. */
export interface StepsRouterOptions<Input> extends RunServerOptions {
  /** @default the one that `llmMiddleware` put on the request */
  client?: LLM | undefined;
  /** Who may start a run, or touch the run `runId`: true, the scope of its calls, or false. @default everybody */
  authorize?: ((req: Request, runId?: string) => ScopeOptions | boolean | Promise<ScopeOptions | boolean>) | undefined;
  /** Checks and shapes the body: a Standard Schema or a function. @default the body as it is */
  input?: StepsInput<Input> | undefined;
  /** How events are written. @default "sse" */
  transport?: "sse" | "ndjson" | undefined;
  /** Hears what steps threw, what kept a run from its end, and of runs that were stopped (`aborted`). */
  onError?: ((error: unknown, run: { runId: string; step?: string | undefined }) => unknown) | undefined;
  /** The longest body the router reads itself, in bytes or as `"10mb"`. @default "10mb" */
  bodyLimit?: string | number | undefined;
}

const OPTIONS: OptionRules<StepsRouterOptions<never>> = {
  ...RUN_SERVER_RULES,
  client: "anything",
  authorize: "function",
  input: "anything",
  transport: ["sse", "ndjson"],
  onError: "function",
  bodyLimit: "anything",
};

/**
 * A router that runs a pipeline: `POST /` starts a run, `GET /:runId` follows it, `DELETE /:runId` stops it,
 * `POST /:runId/resume` (or `POST /` with `{ resumeFrom }`) goes on with one that failed.
 *
 * Shape: a start answers with the run's events, `Location` naming the run; with `?follow=0`, or where only JSON is
 * accepted, with 202 and `{ runId }` once the run has begun. Following replays behind `Last-Event-ID` or `?after=`
 * and goes on live, also in another process over one store. A step that fails is an event like any other; a run whose
 * process died ends with `data.code` "interrupted" and can be resumed; `data: [DONE]` comes last. Stopping gives 204
 * once the run has ended, in whichever process, and for one that had; 202 and `{ runId }` where its process has not
 * answered within `stopTimeoutMs`; 404 for an unknown one; 409 for one of another process where the store has no `cancel`.
 * Throws: ConfigurationError at start-up. What fails before the first event goes to `next`; `authorize` giving
 * false is 403 for a start and 404 for a run, so that nobody learns which runs exist.
 * Cancels: with `"abort"` a starter who leaves, or whose stream somebody else has ended, stops the run and its calls;
 * whoever only follows never does.
 */
export function stepsRouter<Input>(pipeline: Pipeline<Input>, options: StepsRouterOptions<Input> = {}): Router {
  refuseRequest("stepsRouter", pipeline);
  checkPipeline(pipeline);
  checkOptions("stepsRouter", options, OPTIONS);
  checkClient("stepsRouter", options.client);
  const { store = memoryRunStore(), onDisconnect = "abort", heartbeatMs } = options;
  const { leaseMs = 30_000, stopTimeoutMs } = options;
  const leaseCheckMs = Math.min(5_000, leaseMs);
  const format: StreamFormat = options.transport === "ndjson" ? "ndjson" : "events";
  const makeInput = runInputs("stepsRouter", options.input);
  const readBody = jsonBodyReader(readBodyLimit("stepsRouter", options.bodyLimit ?? "10mb"));
  const active = new Map<string, ExecutedRun>();
  // The context of no request: work that outlives its request must not be aborted with it.
  const outside = new AsyncResource("signalbox.stepsRouter");

  const failed = (error: unknown, runId: string, step?: string) =>
    callListener("onError", () => options.onError?.(error, { runId, step }));

  const execute = (llm: LLM, input: Input | undefined, resumeFrom: string | undefined): ExecutedRun => {
    const run = runPipeline(pipeline, input, { llm, store, resumeFrom, leaseMs });
    return new ExecutedRun(run, (error, { runId, step }) => void failed(error, runId, step));
  };

  const begin = (
    req: Request,
    scope: ScopeOptions,
    input: Input | undefined,
    resumeFrom: string | undefined,
  ): ExecutedRun => {
    const lasts = onDisconnect === "continue";
    const client = options.client ?? requireRequestLLM(req)[lasts ? "lasting" : "llm"];
    const start = () => execute(client.scope(scope), input, resumeFrom);
    const run = lasts ? outside.runInAsyncScope(start) : start();
    // Also one that its caller did not wait for outlives its request, and the others have their end to write down.
    findRequestLLM(req)?.keep(run);
    // A run that goes on already keeps its place; the second attempt fails by itself.
    if (!active.has(run.runId)) active.set(run.runId, run);
    void run.settled.then(() => active.get(run.runId) === run && active.delete(run.runId));
    return run;
  };

  const tell = async (events: AsyncIterable<StepEvent>, runId: string, res: Response): Promise<void> => {
    const { outcome, error } = await pipeStream(events, res, { format, heartbeatMs });
    if (outcome === "failed") await failed(error, runId);
  };

  const start = async (req: Request, res: Response, resumed?: string): Promise<void> => {
    const departure = disconnectSignal(req, res);
    const body = await readBody(req, res);
    const resumeFrom = resumed ?? readResumeFrom(body);
    const caller = await (resumeFrom === undefined
      ? findRunCaller(req, options)
      : admitToRun(req, options, resumeFrom));
    if (caller === undefined) return forbid(res);
    // Nobody learns of the runs of others by going on with them.
    if (resumeFrom !== undefined) await checkRun(store, resumeFrom, pipeline.name);
    const input = resumeFrom === undefined ? await makeInput(body, req) : undefined;
    if ((departure.aborted && onDisconnect === "abort") || res.writableEnded) return;
    const end = findRequestLLM(req)?.end ?? departure;
    if (end.aborted && !departure.aborted) throw end.reason;
    const run = begin(req, caller.scope, input, resumeFrom);
    if (onDisconnect === "abort") end.addEventListener("abort", () => run.cancel(end.reason), { once: true });
    const location = `${req.baseUrl}/${encodeURIComponent(run.runId)}`;
    if (!wantsToFollow(req)) {
      await run.begun();
      if (!res.writableEnded) return void res.status(202).location(location).json({ runId: run.runId });
      // Whoever has been told something else knows of no run.
      if (onDisconnect === "abort") run.cancel(answered());
      return;
    }
    if (!res.headersSent) res.location(location);
    try {
      const events = onDisconnect === "abort" ? endsWithReader(run) : untilShutdown(run.events(), end);
      await tell(events, run.runId, res);
    } catch (error) {
      if (!res.headersSent) res.removeHeader("Location");
      throw error;
    }
  };

  const follow = async (req: Request, res: Response, runId: string): Promise<void> => {
    await admitToRun(req, options, runId);
    const after = readPosition(req);
    if (req.method === "HEAD") {
      await checkRun(store, runId, pipeline.name);
      return void res.status(200).end();
    }
    const departure = disconnectSignal(req, res);
    const end = findRequestLLM(req)?.end ?? departure;
    const signal = AbortSignal.any([departure, end]);
    const events = followRun(store, runId, after, { signal, pipeline: pipeline.name, leaseCheckMs });
    await tell(untilShutdown(events, end), runId, res);
  };

  const stop = async (req: Request, res: Response, runId: string): Promise<void> => {
    await admitToRun(req, options, runId);
    const run = active.get(runId);
    run?.cancel("it was stopped by request");
    await run?.settled;
    const hasEnded =
      run?.hasEnded || (await stopRun(store, runId, { pipeline: pipeline.name, timeoutMs: stopTimeoutMs }));
    answerStop(res, runId, hasEnded);
  };

  // The parameters of the path it is mounted at are for `authorize` and `input`.
  const router = Router({ mergeParams: true });
  router.post(
    "/",
    handle((req, res) => start(req, res)),
  );
  router.post(
    "/:runId/resume",
    handle((req, res, runId) => start(req, res, runId)),
  );
  router.get("/:runId", handle(follow));
  router.delete("/:runId", handle(stop));
  return router;
}

function handle(answer: (req: Request, res: Response, runId: string) => Promise<void>): RequestHandler {
  return (req, res, next) => {
    answer(req, res, String(req.params.runId)).catch((error: unknown) => {
      // Nobody is left to be told where somebody else has answered.
      if (!res.writableEnded) next(error);
    });
  };
}

function checkPipeline(pipeline: unknown): void {
  const { name, steps } = (pipeline ?? {}) as { name?: unknown; steps?: unknown };
  if (typeof name === "string" && Array.isArray(steps)) return;
  throw setupMistake(
    "stepsRouter: the first argument is no pipeline",
    "Make one with definePipeline(name, [step(…), …]).",
  );
}
