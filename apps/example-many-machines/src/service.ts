import { chatRouter, llmErrorHandler, llmMiddleware, stepsRouter } from "@signalbox/express";
import { enqueueRun } from "@signalbox/redis/bullmq";
import type { Queue } from "bullmq";
import express, { type Express } from "express";
import type { Engines } from "./engines.js";
import { ReportInput, report } from "./report.js";
import { scopeByToken } from "./users.js";

/** A process that died is noticed after so long; until then its runs count as going on. */
const leaseMs = 10_000;

/** The routes of every web process: whatever one of them has started, any of them follows, stops and goes on with. */
export function createService({ llm, stores: { runStore: store } }: Engines, jobs: Queue) {
  const scoped = llmMiddleware(llm, (req) => scopeByToken(req.headers.authorization) ?? {});
  const app: Express = express();
  app.disable("x-powered-by");
  app.use((req, res, next) => {
    if (scopeByToken(req.headers.authorization) !== undefined) return next();
    res.status(401).json({ error: { code: "authentication", message: "send Authorization: Bearer <token>" } });
  }, scoped);

  app.use("/chat", chatRouter({ store, onDisconnect: "continue", leaseMs, request: () => ({ maxTokens: 600 }) }));
  app.use("/reports", stepsRouter(report, { store, onDisconnect: "continue", leaseMs, input: ReportInput }));

  // The worker executes it; it is followed and stopped like any other report.
  app.post("/jobs", express.json(), async (req, res) => {
    const { data: input, error } = ReportInput.safeParse(req.body);
    if (error) return void res.status(400).json({ error: { code: "invalid_request", message: error.message } });
    const { user } = scopeByToken(req.headers.authorization) ?? {};
    const { runId } = await enqueueRun(jobs, input, { store, name: user, job: { attempts: 3 } });
    res.status(202).location(`/reports/${runId}`).json({ runId });
  });

  app.use(llmErrorHandler());
  return { app, close: (graceMs: number) => scoped.close({ graceMs }) };
}
