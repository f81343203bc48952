// A web process: POST adds a job, GET follows its run, DELETE stops it.
import type { AddressInfo } from "node:net";
import { llmErrorHandler, stepsRouter } from "@signalbox/express";
import { Queue } from "bullmq";
import express from "express";
import { enqueueRun } from "../src/bullmq/index.js";
import { deck } from "./deck.js";
import { type DeckJobs, deckProcess } from "./deck-jobs.js";

const jobs = JSON.parse(process.argv[2] ?? "") as DeckJobs;
const { llm, store, bullmq } = deckProcess(jobs);
const queue = new Queue(jobs.queue, { connection: bullmq });
const app = express();
app.post("/decks", express.json(), async (req, res) => {
  const job = { attempts: 3, backoff: { type: "fixed", delay: 10 } };
  const { runId } = await enqueueRun(queue, req.body, { store, job });
  res.status(202).location(`/decks/${runId}`).json({ runId });
});
app.use("/decks", stepsRouter(deck, { client: llm, store }));
app.use(llmErrorHandler());
const server = app.listen(0, "127.0.0.1", () => console.log((server.address() as AddressInfo).port));
