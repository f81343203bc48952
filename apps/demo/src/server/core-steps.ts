import type { IncomingMessage, ServerResponse } from "node:http";
import { followRun, InvalidRequestError, ModelNotFoundError, type PipelineRun, runPipeline } from "@signalbox/core";
import { disconnectSignal, pipeStream, readPosition } from "@signalbox/core/node";
import type { DeckInput } from "../deck/deck-input.js";
import { readDeckInput } from "../deck/read-deck-input.js";
import type { Studio } from "../studio.js";
import { answerError } from "./answer-error.js";
import { readJsonBody } from "./read-json-body.js";
import { tellFault } from "./tell-fault.js";

const BASE = "/core/steps";
const ROUTE = /^\/core\/steps(?:\/([^/]+)(\/resume)?)?\/?$/;

/**
 * The steps over Node's own HTTP and core alone, without a framework: `POST /` starts a run, `GET /:runId` follows it,
 * `DELETE /:runId` stops it, `POST /:runId/resume` goes on with it.
 */
export function coreSteps({ pipeline, llm, store, live }: Studio): (req: IncomingMessage, res: ServerResponse) => void {
  const runs = new Map<string, PipelineRun>();

  const begin = (res: ServerResponse, input: DeckInput | undefined, resumeFrom?: string): PipelineRun => {
    const run = runPipeline(pipeline, input, { llm, store, resumeFrom });
    // A run that goes on already keeps its place; the second attempt fails by itself.
    if (!runs.has(run.runId)) runs.set(run.runId, run);
    res.setHeader("Location", `${BASE}/${run.runId}`);
    return run;
  };
  const forget = (run: PipelineRun) => void (runs.get(run.runId) === run && runs.delete(run.runId));

  /** Whoever leaves this answer aborts the run. */
  const tell = async (res: ServerResponse, run: PipelineRun) => {
    await pipeStream(run, res, { format: "events" }).finally(() => forget(run));
  };
  const leaveAlone = async (res: ServerResponse, run: PipelineRun) => {
    const events = run[Symbol.asyncIterator]();
    // What keeps it from beginning is told to whoever wanted it.
    const begun = events.next();
    void begun
      .then(() => rest(events))
      .catch((error: unknown) => tellFault(error, run))
      .finally(() => forget(run));
    await begun;
    res.writeHead(202, { "Content-Type": "application/json" }).end(JSON.stringify({ runId: run.runId }));
  };

  const stop = async (res: ServerResponse, runId: string) => {
    runs.get(runId)?.abort("it was stopped by request");
    await (runs.has(runId) ? live.ended(runId) : live.stop(runId, "by-user"));
    if ((await store.load(runId)) === undefined) throw new ModelNotFoundError("not_found", `run not found: ${runId}`);
    if (!(await store.read(runId, 0)).at(-1)?.final)
      throw new InvalidRequestError("invalid_request", `the run ${runId} is not executed here`, { status: 409 });
    res.writeHead(204).end();
  };

  const answer = async (req: IncomingMessage, res: ServerResponse) => {
    const { pathname, searchParams } = new URL(req.url ?? "", "http://localhost");
    const [, runId, resume] = ROUTE.exec(pathname) ?? [];
    const show = searchParams.get("follow") === "0" ? leaveAlone : tell;
    if (req.method === "POST" && resume !== undefined) return show(res, begin(res, undefined, runId));
    if (req.method === "POST" && runId === undefined)
      return show(res, begin(res, readDeckInput(await readJsonBody(req))));
    if (req.method === "DELETE" && runId !== undefined && resume === undefined) return stop(res, runId);
    if (req.method !== "GET" || runId === undefined || resume !== undefined)
      throw new ModelNotFoundError("not_found", `there is no ${req.method} ${pathname}`);
    const after = readPosition({ headers: req.headers, query: Object.fromEntries(searchParams) });
    const events = followRun(store, runId, after, { signal: disconnectSignal(req, res) });
    await pipeStream(events, res, { format: "events" });
  };

  return (req, res) => {
    answer(req, res).catch((error: unknown) => {
      if (res.headersSent || res.destroyed) return void res.destroy();
      res.removeHeader("Location");
      answerError(res, error);
    });
  };
}

async function rest(events: AsyncIterator<unknown>): Promise<void> {
  while (!(await events.next()).done);
}
