import {
  AbortedError,
  type ChatRun,
  chatRunExists,
  followChatRun,
  type GenerateRequest,
  type GenerateResult,
  type LLM,
  memoryRunStore,
  type ScopeOptions,
  startChatRun,
  stopRun,
} from "@signalbox/core";
import {
  admitToRun,
  chatRequests,
  disconnectSignal,
  endsWithReader,
  findRunCaller,
  type OptionRules,
  pipeStream,
  RUN_SERVER_RULES,
  type RunCaller,
  type RunServerOptions,
  readPosition,
  runNotFound,
  STREAM_FORMATS,
  type StreamFormat,
  shutdownOf,
  wantsToFollow,
} from "@signalbox/core/node";
import { type Request, type RequestHandler, type Response, Router } from "express";
import { readBodyLimit } from "./body/body-limit.js";
import { jsonBodyReader } from "./body/json-body.js";
import { callListener } from "./callback-fault.js";
import type { Accept } from "./chat/accept.js";
import { lastOnItsConnection } from "./last-on-its-connection.js";
import { checkClient } from "./llm-client-shape.js";
import { checkOptions } from "./option-checks.js";
import { findRequestLLM, requireRequestLLM } from "./request-llm.js";
import { answered, answerStop, forbid } from "./steps/run-answers.js";

/** Who may chat, where answers are kept, and how they are told. */
export interface ChatRouterOptions extends RunServerOptions {
  /** @default the one that `llmMiddleware` put on the request */
  client?: LLM | undefined;
  /** Who may start a run, or touch the run `runId`: true, the scope of its calls, or false. @default everybody */
  authorize?: ((req: Request, runId?: string) => ScopeOptions | boolean | Promise<ScopeOptions | boolean>) | undefined;
  /** Whose a run is that a request starts, and whose runs it may touch; undefined is nobody. @default anybody's */
  owner?: ((req: Request) => string | undefined | Promise<string | undefined>) | undefined;
  /** The server's part of every call; it wins over the body. Reads `req.body` after it was parsed. */
  request?: ((req: Request) => Partial<GenerateRequest> | Promise<Partial<GenerateRequest>>) | undefined;
  /** Fields that a body may set besides `prompt`, `messages` and `stream`. @default none */
  accept?: Accept | undefined;
  /** How answers are written. @default "events" */
  format?: StreamFormat | undefined;
  /** Hears of every answer that came to its end, whether or not somebody was left to read it. */
  onFinish?: ((result: GenerateResult, req: Request, run: { runId: string }) => unknown) | undefined;
  /** Hears of every failure: of runs (`aborted` where they were stopped), and of a store that does not keep them. */
  onError?: ((error: unknown, req: Request, run: { runId?: string | undefined }) => unknown) | undefined;
  /** The longest body the router reads itself, in bytes or as `"10mb"`. @default "10mb" */
  bodyLimit?: string | number | undefined;
}

const OPTIONS: OptionRules<ChatRouterOptions> = {
  ...RUN_SERVER_RULES,
  client: "anything",
  authorize: "function",
  owner: "function",
  request: "function",
  accept: "anything",
  format: STREAM_FORMATS,
  onFinish: "function",
  onError: "function",
  bodyLimit: "anything",
};

/**
 * A router for chats that survive their connection: `POST /` starts one, `GET /:runId` follows it, from any process
 * with the same store, and `DELETE /:runId` stops it.
 *
 * Shape: a start takes the bodies of `chatHandler` and answers with the stream, `Location` naming the run; with
 * `?follow=0`, `stream: false`, or where only JSON is accepted, with 202 and `{ runId }` once the run is kept. Following
 * replays behind `Last-Event-ID` or `?after=` and goes on live; in `events` and `ndjson` nothing is missing or told
 * twice. The other formats are told from their start where no position is given. A run that failed, or whose process is
 * gone (`interrupted`), is followed to its error. Stopping gives 204 once the run has ended, in whichever process; 202
 * and `{ runId }` where that one has not answered within `stopTimeoutMs`.
 * Throws: ConfigurationError at start-up. What fails before the first event of a start goes to `next`; so do unknown
 * runs (404), positions that are no number (400) and a store that cannot be read. `authorize` giving false, and `owner`
 * undefined, are 403 for a start and 404 for a run, and so is a run of another owner. A store that fails costs a run its log, never its starter the answer.
 * Cancels: with `"abort"` a starter who leaves, or whose stream somebody else has ended, ends the run upstream; with
 * `"continue"` only DELETE and the closing of the client do. Whoever only follows never does.
 */
export function chatRouter(options: ChatRouterOptions = {}): Router {
  checkOptions("chatRouter", options, OPTIONS);
  checkClient("chatRouter", options.client);
  const { store = memoryRunStore(), format, heartbeatMs, onFinish, onError } = options;
  const { leaseMs = 30_000, stopTimeoutMs } = options;
  const leaseCheckMs = Math.min(5_000, leaseMs);
  const lasts = options.onDisconnect === "continue";
  const readRequest = chatRequests("chatRouter", options.accept);
  const readBody = jsonBodyReader(readBodyLimit("chatRouter", options.bodyLimit ?? "10mb"));
  const active = new Map<string, { run: ChatRun; owner: string | undefined }>();

  const failed = (error: unknown, req: Request, runId?: string) =>
    callListener("onError", () => onError?.(error, req, { runId }));

  const begin = (req: Request, { scope, owner }: RunCaller, request: GenerateRequest, mustKeep: boolean): ChatRun => {
    const client = options.client ?? requireRequestLLM(req)[lasts ? "lasting" : "llm"];
    const known = findRequestLLM(req);
    const onUnkept = (error: unknown) => void failed(error, req, run.runId);
    const kept = { store, owner, leaseMs, mustKeep, onUnkept };
    const start = () => startChatRun(client.scope(scope), request, kept);
    // Without a middleware nothing ties calls to their caller, and what is around them is whom they are charged to.
    const run = lasts && known !== undefined ? known.lastingly(start) : start();
    // Also one that its caller did not wait for outlives its request, and the others have their end to write down.
    known?.keep(run);
    active.set(run.runId, { run, owner });
    void run.settled.then(() => active.delete(run.runId));
    run.result.then(
      (result) => callListener("onFinish", () => onFinish?.(result, req, { runId: run.runId })),
      (error: unknown) => failed(error, req, run.runId),
    );
    return run;
  };

  const start = async (req: Request, res: Response): Promise<void> => {
    const departure = disconnectSignal(req, res);
    const body = await readBody(req, res);
    const caller = await findRunCaller(req, options);
    if (caller === undefined) return forbid(res);
    const { request, stream } = await readRequest(body, req, async () => ({ request: await options.request?.(req) }));
    if (departure.aborted && !lasts) return void failed(new AbortedError("aborted", "the client has left"), req);
    if (res.writableEnded) return void failed(answered(), req);
    const end = findRequestLLM(req)?.end ?? departure;
    if (end.aborted && !departure.aborted) throw end.reason;
    const follows = wantsToFollow(req, stream);
    const run = begin(req, caller, request, !follows);
    const stop = () => (lasts ? run.events.abort(end.reason) : run.cancel(end.reason));
    if (end.aborted) stop();
    else end.addEventListener("abort", stop, { once: true });
    const location = `${req.baseUrl}/${run.runId}`;
    if (!follows) {
      await run.kept;
      if (!res.writableEnded) return void res.status(202).location(location).json({ runId: run.runId });
      // Whoever has been told something else knows of no run.
      if (!lasts) run.cancel(answered());
      return;
    }
    if (!res.headersSent) res.location(location);
    const withdraw = () => {
      if (!res.headersSent) res.removeHeader("Location");
    };
    run.kept.catch(withdraw);
    try {
      await pipeStream(lasts ? run.events : endsWithReader(run), res, { format, heartbeatMs });
    } catch (error) {
      withdraw();
      throw error;
    }
  };

  const follow = async (req: Request, res: Response, runId: string): Promise<void> => {
    const { owner } = await admitToRun(req, options, runId);
    const after = readPosition(req);
    if (req.method === "HEAD") {
      if (!(await chatRunExists(store, runId, { owner }))) throw runNotFound(runId);
      return void res.status(200).end();
    }
    const departure = disconnectSignal(req, res);
    const events = followChatRun(store, runId, { after, owner, signal: departure, leaseCheckMs });
    const end = findRequestLLM(req)?.end ?? departure;
    if (end.aborted) events.abort(end.reason);
    else end.addEventListener("abort", () => events.abort(end.reason), { once: true });
    await pipeStream(events, res, { format, heartbeatMs });
  };

  const stop = async (req: Request, res: Response, runId: string): Promise<void> => {
    const { owner } = await admitToRun(req, options, runId);
    const own = active.get(runId);
    if (own !== undefined && own.owner === owner) {
      own.run.cancel("it was stopped by request");
      await own.run.settled;
    }
    // What is kept decides: this process may not have been able to keep the end, or not be the one that executes it.
    if (!(await chatRunExists(store, runId, { owner }))) throw runNotFound(runId);
    answerStop(res, runId, await stopRun(store, runId, { timeoutMs: stopTimeoutMs }));
  };

  // The parameters of the path it is mounted at are for `authorize` and `request`.
  const router = Router({ mergeParams: true });
  router.post(
    "/",
    handle((req, res) => start(req, res)),
  );
  router.get("/:runId", handle(follow));
  router.delete("/:runId", handle(stop));
  return router;
}

function handle(answer: (req: Request, res: Response, runId: string) => Promise<void>): RequestHandler {
  return (req, res, next) => {
    answer(req, res, String(req.params.runId)).catch((error: unknown) => {
      // Nobody is left to be told where somebody else has answered.
      if (res.writableEnded) return;
      const shutdown = shutdownOf(error);
      if (shutdown !== undefined) lastOnItsConnection(res);
      next(shutdown ?? error);
    });
  };
}
