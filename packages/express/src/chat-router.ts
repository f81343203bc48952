import {
  AbortedError,
  type ChatRun,
  chatRunExists,
  followChatRun,
  type GenerateRequest,
  type GenerateResult,
  type LLM,
  memoryRunStore,
  type RunStore,
  type ScopeOptions,
  startChatRun,
  stopRun,
} from "@signalbox/core";
import { chatRequests, disconnectSignal, pipeStream, STREAM_FORMATS, type StreamFormat } from "@signalbox/core/node";
import { type Request, type RequestHandler, type Response, Router } from "express";
import { readBodyLimit } from "./body/body-limit.js";
import { jsonBodyReader } from "./body/json-body.js";
import { callListener } from "./callback-fault.js";
import type { Accept } from "./chat/accept.js";
import { checkClient } from "./llm-client-shape.js";
import { checkFunction, checkMilliseconds, checkOneOf, checkOptionNames } from "./option-checks.js";
import { findRequestLLM, requireRequestLLM } from "./request-llm.js";
import { lastOnItsConnection, shutdownOf } from "./shutting-down.js";
import { forbid, runNotFound, wantsToFollow } from "./steps/run-answers.js";
import { readPosition } from "./steps/run-position.js";

/** Who may chat, where answers are kept, and how they are told. */
export interface ChatRouterOptions {
  /** @default the one that `llmMiddleware` put on the request */
  client?: LLM | undefined;
  /** Where runs are kept. @default in memory, for this router alone */
  store?: RunStore | undefined;
  /** Who may start a run, or touch the run `runId`: true, the scope of its calls, or false. @default everybody */
  authorize?: ((req: Request, runId?: string) => ScopeOptions | boolean | Promise<ScopeOptions | boolean>) | undefined;
  /** Whose a run is that a request starts, and whose runs it may touch; undefined is nobody. @default anybody's */
  owner?: ((req: Request) => string | undefined | Promise<string | undefined>) | undefined;
  /** What becomes of a run whose starter leaves while it is told the answer. @default "abort" */
  onDisconnect?: "abort" | "continue" | undefined;
  /** The server's part of every call; it wins over the body. Reads `req.body` after it was parsed. */
  request?: ((req: Request) => Partial<GenerateRequest> | Promise<Partial<GenerateRequest>>) | undefined;
  /** Fields that a body may set besides `prompt`, `messages` and `stream`. @default none */
  accept?: Accept | undefined;
  /** How answers are written. @default "events" */
  format?: StreamFormat | undefined;
  /** A comment is written after so many milliseconds of silence; 0 = never. @default 15_000 */
  heartbeatMs?: number | undefined;
  /** After how many milliseconds a process that died is noticed; its runs end as `interrupted`. @default 30_000 */
  leaseMs?: number | undefined;
  /** How many milliseconds a run of another process is waited for that is to stop. @default 5_000 */
  stopTimeoutMs?: number | undefined;
  /** Hears of every answer that came to its end, whether or not somebody was left to read it. */
  onFinish?: ((result: GenerateResult, req: Request, run: { runId: string }) => unknown) | undefined;
  /** Hears of every failure: of runs (`aborted` where they were stopped), and of a store that does not keep them. */
  onError?: ((error: unknown, req: Request, run: { runId?: string | undefined }) => unknown) | undefined;
  /** The longest body the router reads itself, in bytes or as `"10mb"`. @default "10mb" */
  bodyLimit?: string | number | undefined;
}

const OPTIONS = Object.keys({
  client: true,
  store: true,
  authorize: true,
  owner: true,
  onDisconnect: true,
  request: true,
  accept: true,
  format: true,
  heartbeatMs: true,
  leaseMs: true,
  stopTimeoutMs: true,
  onFinish: true,
  onError: true,
  bodyLimit: true,
} satisfies Record<keyof ChatRouterOptions, true>);

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
 * Cancels: with `"abort"` a starter who leaves ends the run upstream; with `"continue"` only DELETE and the closing of
 * the client do. Whoever only follows never does.
 */
export function chatRouter(options: ChatRouterOptions = {}): Router {
  checkOptionNames("chatRouter", options, OPTIONS);
  checkClient("chatRouter", options.client);
  for (const name of ["authorize", "owner", "request", "onFinish", "onError"] as const) {
    checkFunction("chatRouter", name, options[name]);
  }
  checkOneOf("chatRouter", "onDisconnect", options.onDisconnect, ["abort", "continue"]);
  checkOneOf("chatRouter", "format", options.format, STREAM_FORMATS);
  for (const name of ["heartbeatMs", "leaseMs", "stopTimeoutMs"] as const) {
    checkMilliseconds("chatRouter", name, options[name]);
  }
  const { authorize, store = memoryRunStore(), format, heartbeatMs, onFinish, onError } = options;
  const { leaseMs = 30_000, stopTimeoutMs } = options;
  const leaseCheckMs = Math.min(5_000, leaseMs);
  const lasts = options.onDisconnect === "continue";
  const readRequest = chatRequests("chatRouter", options.accept);
  const readBody = jsonBodyReader(readBodyLimit("chatRouter", options.bodyLimit ?? "10mb"));
  const active = new Map<string, { run: ChatRun; owner: string | undefined }>();

  const failed = (error: unknown, req: Request, runId?: string) =>
    callListener("onError", () => onError?.(error, req, { runId }));

  const mayTouch = async (req: Request, runId?: string): Promise<Caller | undefined> => {
    const answer = authorize === undefined ? true : await authorize(req, runId);
    if (answer !== true && (typeof answer !== "object" || answer === null)) return undefined;
    const owner = await options.owner?.(req);
    if (options.owner !== undefined && (typeof owner !== "string" || owner === "")) return undefined;
    return { scope: answer === true ? {} : answer, owner };
  };

  const admit = async (req: Request, runId: string): Promise<Caller> => {
    const caller = await mayTouch(req, runId);
    if (caller === undefined) throw runNotFound(runId);
    return caller;
  };

  const begin = (req: Request, { scope, owner }: Caller, request: GenerateRequest, mustKeep: boolean): ChatRun => {
    const client = options.client ?? requireRequestLLM(req)[lasts ? "lasting" : "llm"];
    const known = findRequestLLM(req);
    const onUnkept = (error: unknown) => void failed(error, req, run.runId);
    const kept = { store, owner, leaseMs, mustKeep, onUnkept };
    const start = () => startChatRun(client.scope(scope), request, kept);
    // Without a middleware nothing ties calls to their caller, and what is around them is whom they are charged to.
    const run = lasts && known !== undefined ? known.lastingly(start) : start();
    // Also one that its caller did not wait for outlives its request, and the others have their end to write down.
    known?.keep({ abort: (reason) => run.cancel(reason), settled: run.settled });
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
    const caller = await mayTouch(req);
    if (caller === undefined) return forbid(res);
    const { request, stream } = await readRequest(body, req, async () => ({ request: await options.request?.(req) }));
    if (departure.aborted && !lasts) return void failed(new AbortedError("aborted", "the client has left"), req);
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
      res.status(202).location(location).json({ runId: run.runId });
      return;
    }
    res.location(location);
    const withdraw = () => {
      if (!res.headersSent) res.removeHeader("Location");
    };
    run.kept.catch(withdraw);
    try {
      await pipeStream(run.events, res, { format, heartbeatMs });
    } catch (error) {
      withdraw();
      throw error;
    }
  };

  const follow = async (req: Request, res: Response, runId: string): Promise<void> => {
    const { owner } = await admit(req, runId);
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
    const { owner } = await admit(req, runId);
    const own = active.get(runId);
    if (own !== undefined && own.owner === owner) {
      own.run.cancel("it was stopped by request");
      await own.run.settled;
      return void res.status(204).end();
    }
    if (!(await chatRunExists(store, runId, { owner }))) throw runNotFound(runId);
    const ended = await stopRun(store, runId, { timeoutMs: stopTimeoutMs });
    if (ended) res.status(204).end();
    else res.status(202).json({ runId });
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

/** Whoever asks: what its calls carry, and whose its runs are. */
interface Caller {
  scope: ScopeOptions;
  owner: string | undefined;
}

function handle(answer: (req: Request, res: Response, runId: string) => Promise<void>): RequestHandler {
  return (req, res, next) => {
    answer(req, res, String(req.params.runId)).catch((error: unknown) => {
      const shutdown = shutdownOf(error);
      if (shutdown !== undefined) lastOnItsConnection(res);
      next(shutdown ?? error);
    });
  };
}
