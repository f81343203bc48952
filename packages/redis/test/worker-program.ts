// A worker process: takes jobs until it is told to stop by SIGTERM.
import { Worker } from "bullmq";
import { pipelineProcessor } from "../src/bullmq/index.js";
import { deck } from "./deck.js";
import { type DeckJobs, deckProcess } from "./deck-jobs.js";

const jobs = JSON.parse(process.argv[2] ?? "") as DeckJobs;
const { llm, store, bullmq, close } = deckProcess(jobs);
const processor = pipelineProcessor(deck, { llm, store, leaseMs: jobs.leaseMs });
const worker = new Worker(jobs.queue, processor, {
  connection: bullmq,
  lockDuration: 500,
  stalledInterval: 200,
  drainDelay: 1,
});
await worker.waitUntilReady();
console.log("ready");

process.once("SIGTERM", async () => {
  await Promise.all([processor.close({ graceMs: 0 }), worker.close()]);
  await close();
  console.log("closed");
});
