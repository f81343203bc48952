import {
  followChatRun,
  type GenerateRequest,
  memoryRunStore,
  type RunStore,
  type StepEvent,
  type StreamEvent,
  stopRun,
  tool,
} from "@signalbox/core";
import { describe, expect, test } from "vitest";
import { enqueueGeneration, generationProcessor } from "../src/bullmq/index.js";
import { attempts, jobQueue, simulatedModel } from "./bullmq-jobs.js";
import { hasRedis, redisForTests } from "./redis-server.js";

async function toldTo(store: RunStore, runId: string): Promise<StepEvent[]> {
  const events: StepEvent[] = [];
  for await (const event of followChatRun(store, runId)) events.push(event);
  return events;
}

const textOf = (events: readonly StepEvent[]) =>
  events
    .map(({ data }) => ((data as StreamEvent).type === "text-delta" ? (data as { text: string }).text : ""))
    .join("");

const REQUEST = { prompt: 'Reply with exactly "one two three four five six"' };

describe.skipIf(!hasRedis)("a generation as a job", () => {
  const redis = redisForTests();

  async function setUp() {
    const { simulator, llm, client } = await simulatedModel();
    const store = memoryRunStore();
    const jobs = await jobQueue(redis());
    const processor = generationProcessor({ llm, store });
    return { simulator, client, store, jobs, processor };
  }

  test("is followed as a chat before a worker has it", async () => {
    const { simulator, store, jobs, processor } = await setUp();
    const { runId } = await enqueueGeneration(jobs.queue, REQUEST, { store });
    const told = toldTo(store, runId);
    jobs.work(processor);
    expect(await jobs.result(runId)).toEqual({ runId });
    expect(textOf(await told)).toBe("one two three four five six");
    expect((await told).map(({ seq }) => seq)).toEqual((await told).map((_, at) => at + 1));
    expect((await told).at(-1)).toMatchObject({ final: true, data: { type: "finish" } });
    expect((await jobs.job(runId)).data).toEqual({ runId });
    // The prompt was kept for the worker alone.
    expect(JSON.stringify(await store.load(runId))).not.toContain("Reply with exactly");
    expect(simulator.requests).toHaveLength(1);
  });

  test("is asked for again where nothing was told, and followers see one answer", async () => {
    const { simulator, store, jobs, processor } = await setUp();
    simulator.fault("503");
    const { runId } = await enqueueGeneration(jobs.queue, REQUEST, { store, job: attempts(2) });
    const told = toldTo(store, runId);
    jobs.work(processor);
    await jobs.result(runId);
    expect((await told).filter(({ status }) => status === "error")).toEqual([]);
    expect(textOf(await told)).toBe("one two three four five six");
    expect(simulator.requests.map(({ status }) => status)).toEqual([503, 200]);
  });

  test("is not asked for again once something was told", async () => {
    const { simulator, store, jobs, processor } = await setUp();
    simulator.fault("cut", { after: 3 });
    const { runId } = await enqueueGeneration(jobs.queue, REQUEST, { store, job: attempts(3) });
    const told = toldTo(store, runId);
    jobs.work(processor);
    await expect(jobs.result(runId)).rejects.toThrow("stream ended unexpectedly");
    expect((await told).at(-1)).toMatchObject({ final: true, data: { code: "stream_truncated" } });
    expect(simulator.requests).toHaveLength(1);
  });

  test("is stopped through the store, and fails for good", async () => {
    const { simulator, store, jobs, processor } = await setUp();
    simulator.fault("stall", { after: 2 });
    const { runId } = await enqueueGeneration(jobs.queue, REQUEST, { store, job: attempts(3) });
    const told = toldTo(store, runId);
    jobs.work(processor);
    await simulator.waitFor(({ events }) => events >= 2);
    expect(await stopRun(store, runId)).toBe(true);
    await expect(jobs.result(runId)).rejects.toThrow("aborted");
    expect((await told).at(-1)).toMatchObject({ final: true, data: { code: "aborted" } });
    expect((await jobs.job(runId)).attemptsMade).toBe(1);
  });

  test("that has said nothing yet is put back by a worker that closes", async () => {
    const { simulator, client, store, jobs, processor } = await setUp();
    simulator.fault("stall-before-headers");
    const { runId } = await enqueueGeneration(jobs.queue, REQUEST, { store });
    const told = toldTo(store, runId);
    const worker = jobs.work(processor);
    await simulator.waitFor(({ path }) => path === "/chat/completions");
    await Promise.all([processor.close({ graceMs: 0 }), worker.close()]);
    jobs.work(generationProcessor({ llm: client(), store }));
    expect(await jobs.result(runId)).toEqual({ runId });
    expect(textOf(await told)).toBe("one two three four five six");
  });

  test("keeps no header and nothing that runs: those are the worker's to add", async () => {
    const { simulator, client, store, jobs } = await setUp();
    const look = tool({ name: "look", parameters: { type: "object" }, execute: () => "seen" });
    const headers = { "x-tenant-key": "secret" };
    await expect(enqueueGeneration(jobs.queue, { ...REQUEST, headers, tools: [look] }, { store })).rejects.toThrow(
      "a job cannot keep: headers, functions of tools",
    );
    const { runId } = await enqueueGeneration(jobs.queue, REQUEST, { store });
    const request = (_job: unknown, given: GenerateRequest | undefined) => ({ ...given, headers, tools: [look] });
    jobs.work(generationProcessor({ llm: client(), store, request }));
    await jobs.result(runId);
    expect(simulator.requests[0]?.headers["x-tenant-key"]).toBe("secret");
    expect(JSON.stringify([await store.load(runId), await store.read(runId, 0)])).not.toContain("secret");
  });

  test.each<[string, Partial<GenerateRequest>]>([
    ["a model", { model: "openai/gpt-4o" }],
    ["a fallback", { fallbackModels: ["openai/gpt-4o"] }],
    ["a model in extraBody", { extraBody: { model: "openai/gpt-4o" } }],
  ])("cannot ask for what policy forbids: %s", async (_what, request) => {
    const { simulator, client, store, jobs } = await setUp();
    const llm = client().scope({ model: "anthropic/claude-3-haiku", policy: { denyModels: ["openai/*"] } });
    jobs.work(generationProcessor({ llm, store, scope: () => ({ policy: { allowModels: ["*"] } }) }));
    const queued = await enqueueGeneration(jobs.queue, { ...REQUEST, ...request }, { store, job: attempts(3) });
    await expect(jobs.result(queued.runId)).rejects.toThrow("policy");
    const byHand = await jobs.queue.add("answer", { input: { ...REQUEST, ...request } }, attempts(3));
    await expect(jobs.result(byHand.id as string)).rejects.toThrow("policy");
    expect(simulator.requests).toEqual([]);
  });

  test("that is begun by hand takes its request from the job, and returns the answer where asked to", async () => {
    const { client, store, jobs } = await setUp();
    jobs.work(generationProcessor({ llm: client(), store, keepResult: true, request: () => REQUEST }));
    const job = await jobs.queue.add("answer", {});
    const text = "one two three four five six";
    expect(await jobs.result(job.id as string)).toMatchObject({ result: { type: "finish", result: { text } } });
  });
});
