import { definePipeline, LLMClient, step } from "@signalbox/core";
import { startSimulator } from "@signalbox/testing";
import { type Job, type JobsOptions, Queue, QueueEvents, Worker, type WorkerOptions } from "bullmq";
import { onTestFinished } from "vitest";
import type { RunJob, RunProcessor } from "../src/bullmq/index.js";
import type { RedisServer } from "./redis-server.js";

let queues = 0;

/** A simulated model and a client of it, without retries of its own. */
export async function simulatedModel(options: Parameters<typeof startSimulator>[0] = {}) {
  const simulator = await startSimulator(options);
  const client = () => {
    const { baseURL } = simulator;
    const apiKey = "sk-or-v1-jobs";
    const llm = new LLMClient({ env: false, apiKey, baseURL, retry: false, model: "openai/gpt-4o-mini" });
    onTestFinished(() => llm.close());
    return llm;
  };
  onTestFinished(() => simulator.close());
  return { simulator, client, llm: client() };
}

/** A queue of the test's own, workers for it, and what became of its jobs. */
export async function jobQueue(server: RedisServer) {
  const connection = { host: "127.0.0.1", port: server.port, maxRetriesPerRequest: null };
  const name = `jobs-${++queues}`;
  const queue = new Queue(name, { connection });
  const events = new QueueEvents(name, { connection });
  await Promise.all([queue.waitUntilReady(), events.waitUntilReady()]);
  onTestFinished(async () => {
    await events.close();
    await queue.close();
  });
  return {
    name,
    queue,
    connection,
    /** A worker that starts at once. */
    work(processor: RunProcessor, options: Partial<WorkerOptions> = {}) {
      const worker = new Worker(name, processor, { connection, drainDelay: 1, ...options });
      onTestFinished(async () => {
        await Promise.all([processor.close({ graceMs: 0 }), worker.close()]);
      });
      return worker;
    },
    /** What the job returns once it is complete; rejects with why it has failed for good. */
    result: async (id: string) => ((await queue.getJob(id)) as Job).waitUntilFinished(events) as Promise<unknown>,
    job: async (id: string) => (await queue.getJob(id)) as Job,
  };
}

/** Attempts that follow one another quickly. */
export const attempts = (count: number): JobsOptions => ({ attempts: count, backoff: { type: "fixed", delay: 10 } });

/** A job as a worker gives it to its processor, without a queue; what it is put back with stands in `putBack`. */
export function looseJob({
  id = "1",
  data = {},
  attempts: count = 1,
}: {
  id?: string;
  data?: object;
  attempts?: number;
}) {
  const putBack: number[] = [];
  const job: RunJob = {
    ...{ id, name: "run", data, opts: { attempts: count }, attemptsMade: 0, timestamp: 0 },
    queueQualifiedName: "bull:decks",
    updateProgress: async () => {},
    moveToDelayed: async (timestamp) => void putBack.push(timestamp),
  };
  return { job, putBack };
}

/** A queue that takes every job and gives it to nobody. */
export const queue = { name: "decks", add: async () => ({}) };

/** A pipeline of one step that ends when it is told to. */
export function gated(name = "deck") {
  const begun = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<string>();
  let entered = 0;
  const pipeline = definePipeline(name, [
    step("wait", () => {
      entered++;
      begun.resolve();
      return gate.promise;
    }),
  ]);
  return { pipeline, begun: begun.promise, gate, entered: () => entered };
}
