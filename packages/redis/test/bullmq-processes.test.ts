import { randomUUID } from "node:crypto";
import type { StepEvent } from "@signalbox/core";
import { describe, expect, test } from "vitest";
import { sourceProcess } from "../../core/test/source-process.js";
import { simulatedModel } from "./bullmq-jobs.js";
import type { DeckJobs } from "./deck-jobs.js";
import { hasRedis, redisForTests } from "./redis-server.js";

// Each test starts several processes.
describe.skipIf(!hasRedis)("jobs of several processes", { timeout: 60_000 }, () => {
  const redis = redisForTests();

  async function setUp(more: Partial<DeckJobs> = {}) {
    const { simulator } = await simulatedModel();
    const name = randomUUID();
    const jobs: DeckJobs = {
      port: redis().port,
      queue: name,
      prefix: `{${name}}`,
      baseURL: simulator.baseURL,
      ...more,
    };
    const start = (program: string) => sourceProcess(new URL(program, import.meta.url), [JSON.stringify(jobs)]);
    const worker = async () => {
      const started = start("worker-program.ts");
      expect(await started.line()).toBe("ready");
      return started;
    };
    const webs = await Promise.all([1, 2].map(async () => `http://127.0.0.1:${await start("web-program.ts").line()}`));
    const [a = "", b = ""] = webs;
    const post = async (topic: string) => {
      const init = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ topic }) };
      const answer = await fetch(`${a}/decks`, init);
      expect(answer.status).toBe(202);
      return answer.headers.get("location") as string;
    };
    const asked = (prompt: string) => simulator.waitFor((request) => request.prompt.startsWith(prompt));
    const paid = () =>
      simulator.requests.filter(({ status }) => status === 200).map(({ prompt }) => prompt.slice(0, 7));
    return { simulator, worker, a, b, post, asked, paid };
  }

  /** A run whose worker gets a signal while it asks for the third slide. */
  async function cutShort(signal: NodeJS.Signals, more?: Partial<DeckJobs>) {
    const world = await setUp(more);
    const { simulator, worker, b, post, asked } = world;
    simulator.fault("stall-before-headers", { when: ({ prompt }) => prompt.startsWith("Slide 3") });
    const path = await post("bees");
    const all = told(b + path);
    const first = await worker();
    await asked("Slide 3");
    first.kill(signal);
    return { ...world, path, all, first };
  }

  /** The events of a run as a web process tells them, up to their end or up to the one that is looked for. */
  async function told(
    url: string,
    { after = 0, until }: { after?: number; until?: (event: StepEvent) => boolean } = {},
  ) {
    const answer = await fetch(url, { headers: after > 0 ? { "last-event-id": `${after}` } : {} });
    const events: StepEvent[] = [];
    let rest = "";
    for await (const text of (answer.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream())) {
      const parts = (rest + text).split("\n\n");
      rest = parts.pop() ?? "";
      for (const part of parts) {
        const data = /^data: (\{.*)$/m.exec(part)?.[1];
        if (data !== undefined) events.push(JSON.parse(data) as StepEvent);
        const last = events.at(-1);
        if (last !== undefined && until?.(last)) return events;
      }
    }
    return events;
  }

  const WHOLE = ["Outline", "Slide 1", "Slide 2", "Slide 3", "Slide 4"];

  test("a run that a worker executes is followed on any web process, with no gap and no repeat", async () => {
    const { worker, a, b, post, paid } = await setUp();
    const path = await post("bees");
    const all = told(b + path);
    const part = told(a + path, { until: ({ status }) => status === "processing" });
    await worker();
    const before = await part;
    const after = await told(b + path, { after: before.at(-1)?.seq ?? 0 });
    expect([...before, ...after]).toEqual(await all);
    expect((await all).map(({ seq }) => seq)).toEqual(Array.from({ length: (await all).length }, (_, at) => at + 1));
    expect((await all).at(-1)).toMatchObject({ step: "slides", status: "completed", final: true, progress: 100 });
    expect(paid()).toEqual(WHOLE);
  });

  test("a worker that is killed is followed by another one, which pays for nothing twice, and nobody is told of an end", async () => {
    const { worker, all, first, paid } = await cutShort("SIGKILL");
    await first.exited;
    await worker();
    const events = await all;
    expect(events.filter(({ final }) => final)).toEqual([events.at(-1)]);
    expect(events.at(-1)).toMatchObject({ status: "completed", final: true });
    expect(events.map(({ data }) => (data as { code?: string } | null)?.code).filter(Boolean)).toEqual(["interrupted"]);
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, at) => at + 1));
    expect(paid()).toEqual(WHOLE);
  });

  test("where no worker comes, followers of a killed one are told `interrupted`, and a late one still goes on", async () => {
    const { worker, a, path, all, first, asked, paid } = await cutShort("SIGKILL", { leaseMs: 2_000 });
    await first.exited;
    const ends = await Promise.all([told(a + path), all]);
    expect(ends[0]).toEqual(ends[1]);
    expect(ends[0]?.at(-1)).toMatchObject({ final: true, data: { code: "interrupted", retryable: true } });
    await worker();
    await asked("Slide 4");
    expect((await told(a + path)).at(-1)).toMatchObject({ step: "slides", status: "completed", final: true });
    expect(paid()).toEqual(WHOLE);
  });

  test("a run is stopped from any web process, and its upstream with it", async () => {
    const { simulator, worker, a, b, post, asked } = await setUp();
    simulator.fault("stall-before-headers", { when: ({ prompt }) => prompt.startsWith("Slide 2") });
    const path = await post("bees");
    const all = told(a + path);
    await worker();
    const call = await asked("Slide 2");
    expect((await fetch(b + path, { method: "DELETE" })).status).toBe(204);
    expect((await call.closed).state).toBe("closed-by-client");
    expect((await all).at(-1)).toMatchObject({ final: true, data: { code: "aborted" } });
  });

  test("a worker that is told to stop puts its job back, ends by itself, and another one goes on", async () => {
    const { worker, all, first, paid } = await cutShort("SIGTERM");
    expect(await first.line()).toBe("closed");
    expect(await first.exited).toEqual([0, null]);
    await worker();
    const events = await all;
    expect(events.at(-1)).toMatchObject({ status: "completed", final: true });
    expect(events.filter(({ final }) => final)).toHaveLength(1);
    expect(paid()).toEqual(WHOLE);
  });
});
