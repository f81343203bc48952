import { randomUUID } from "node:crypto";
import type { StepEvent } from "@signalbox/core";
import { readEvents } from "@signalbox/core/browser";
import { startSimulator } from "@signalbox/testing";
import { describe, expect, onTestFinished, test } from "vitest";
import { sourceProcess } from "../../core/test/source-process.js";
import { CLIENTS } from "./redis-clients.js";
import { hasRedis, redisForTests } from "./redis-server.js";
import type { StepsProgram } from "./steps-program.js";

// Each test starts two processes.
describe.skipIf(!hasRedis)("runs of two processes", { timeout: 60_000 }, () => {
  const redis = redisForTests();

  /** Two web processes over one Redis, one by each client, and the model they ask. */
  async function twoProcesses(client: StepsProgram["client"], leaseMs?: number) {
    const simulator = await startSimulator({ seed: 1 });
    onTestFinished(() => simulator.close());
    const common = { url: redis().url, prefix: randomUUID(), baseURL: simulator.baseURL, ...(leaseMs && { leaseMs }) };
    const start = async (by: StepsProgram["client"]) => {
      const program: StepsProgram = { ...common, client: by };
      const started = sourceProcess(new URL("steps-program.ts", import.meta.url), [JSON.stringify(program)]);
      return { ...started, decks: `http://127.0.0.1:${await started.line()}/decks` };
    };
    const [a, b] = await Promise.all([start(client), start(client === "ioredis" ? "node-redis" : "ioredis")]);
    const asked = (prompt: string) => simulator.waitFor((request) => request.prompt.startsWith(prompt));
    const prompts = () => simulator.requests.map(({ prompt }) => prompt.slice(0, 7));
    return { simulator, a, b, asked, prompts };
  }

  const post = (url: string, body: unknown = {}) =>
    fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });

  /** Follows a run up to its end, or leaves it behind the event that is looked for. */
  async function follow(url: string, after = 0, isEnough: (event: StepEvent) => boolean = () => false) {
    const headers = { "last-event-id": `${after}` };
    const events: StepEvent[] = [];
    for await (const event of readEvents<StepEvent>(url, { headers, reconnects: 0 })) {
      events.push(event);
      if (isEnough(event)) break;
    }
    return events;
  }

  const isSlide = (number: number) => (event: StepEvent) =>
    event.status === "processing" && (event.data as { number: number }).number === number;
  const upTo = (last: number) => Array.from({ length: last }, (_, at) => at + 1);
  const seqs = (events: readonly StepEvent[]) => events.map(({ seq }) => seq);

  test.each(CLIENTS)(
    "a run of A (by %s) is followed on B; A's client leaves; B replays with no gap and no repeat, and stops it",
    async (client) => {
      const { simulator, a, b, asked, prompts } = await twoProcesses(client);
      simulator.fault("stall-before-headers", { when: ({ prompt }) => prompt.startsWith("Slide 3") });
      const answer = await post(a.decks, { topic: "bees" });
      const path = (answer.headers.get("location") as string).replace("/decks", "");
      const whole = follow(b.decks + path);
      // A's client leaves in the middle; what it saw of the run is not looked at any more.
      await follow(a.decks + path, 0, isSlide(1));
      await answer.body?.cancel();
      const stalled = await asked("Slide 3");

      const first = await follow(b.decks + path, 0, isSlide(1));
      const rest = follow(b.decks + path, first.length);
      const stopped = await fetch(b.decks + path, { method: "DELETE" });
      expect(stopped.status).toBe(204);
      expect(await stalled.closed).toMatchObject({ state: "closed-by-client" });
      const events = [...first, ...(await rest)];
      expect(events).toEqual(await whole);
      expect(seqs(events)).toEqual(upTo(events.length));
      expect(events.at(-1)).toMatchObject({
        step: "slides",
        final: true,
        data: { code: "aborted", nextStep: "slides" },
      });
      expect(prompts()).toEqual(["Outline", "Slide 1", "Slide 2", "Slide 3"]);

      // Stopped is stopped; what is finished is not paid for again.
      expect((await fetch(a.decks + path, { method: "DELETE" })).status).toBe(204);
      const resumed = await post(`${b.decks}${path}/resume`);
      expect(await resumed.text()).toContain('"final":true');
      expect(prompts()).toEqual(["Outline", "Slide 1", "Slide 2", "Slide 3", "Slide 3", "Slide 4"]);
      const log = await follow(a.decks + path);
      expect(seqs(log)).toEqual(upTo(log.length));
      expect(log.at(-1)).toMatchObject({ step: "slides", status: "completed", progress: 100 });
    },
  );

  test.each([
    ["ioredis", "Outline", "outline", []],
    ["node-redis", "Slide 1", "slides", ["Outline"]],
    ["ioredis", "Slide 2", "slides", ["Outline", "Slide 1"]],
    ["node-redis", "Slide 4", "slides", ["Outline", "Slide 1", "Slide 2", "Slide 3"]],
  ] as const)(
    "A (by %s) is killed while it asks for %s: B tells that the run was interrupted, and goes on without paying twice",
    async (client, prompt, step, paid) => {
      const { simulator, a, b, asked, prompts } = await twoProcesses(client, 1_000);
      simulator.fault("stall-before-headers", { when: (request) => request.prompt.startsWith(prompt) });
      const started = (await (await post(`${a.decks}?follow=0`, { topic: "bees" })).json()) as { runId: string };
      const run = `${b.decks}/${started.runId}`;
      // More than one follower: the end is written once.
      const followers = [follow(run), follow(run), follow(run)];
      const lost = await asked(prompt);
      a.kill("SIGKILL");
      expect((await lost.closed).state).toBe("closed-by-client");

      const told = await Promise.all(followers);
      for (const events of told) expect(events).toEqual(told[0]);
      const before = told[0] as StepEvent[];
      expect(seqs(before)).toEqual(upTo(before.length));
      expect(before.filter(({ final }) => final)).toHaveLength(1);
      const completedSteps = step === "outline" ? [] : ["outline"];
      expect(before.at(-1)).toMatchObject({
        step,
        status: "error",
        final: true,
        data: { code: "interrupted", retryable: true, completedSteps, nextStep: step },
      });

      const resumed = await post(`${run}/resume`);
      expect(await resumed.text()).toContain('"progress":100');
      const whole = ["Outline", "Slide 1", "Slide 2", "Slide 3", "Slide 4"];
      expect(prompts()).toEqual([...paid, prompt, ...whole.slice(paid.length)]);
      const log = await follow(run);
      expect(log.slice(0, before.length)).toEqual(before);
      expect(seqs(log)).toEqual(upTo(log.length));
    },
  );

  test("wherever A is killed between two events, at most the one call under way is made again", async () => {
    const outcomes = [2, 4, 5].map(async (event) => {
      const { a, b, prompts } = await twoProcesses(event % 2 === 0 ? "ioredis" : "node-redis", 1_000);
      const { runId } = (await (await post(`${a.decks}?follow=0`, { topic: "bees" })).json()) as { runId: string };
      const run = `${b.decks}/${runId}`;
      const before = await follow(run, 0, ({ seq }) => {
        if (seq === event) a.kill("SIGKILL");
        return false;
      });
      const last = before.at(-1);
      const hadEnded = last?.status === "completed";
      if (!hadEnded) expect(last).toMatchObject({ final: true, data: { code: "interrupted" } });
      expect(await (await post(`${run}/resume`)).text()).toContain(hadEnded ? "[DONE]" : '"progress":100');
      const log = await follow(run);
      expect(seqs(log)).toEqual(upTo(log.length));
      expect(log.at(-1)).toMatchObject({ status: "completed", final: true });
      const asked = prompts();
      const again = asked.filter((prompt, at) => asked.indexOf(prompt) !== at);
      return { whole: [...new Set(asked)], again: again.length };
    });
    for (const { whole, again } of await Promise.all(outcomes)) {
      expect(whole).toEqual(["Outline", "Slide 1", "Slide 2", "Slide 3", "Slide 4"]);
      expect(again).toBeLessThanOrEqual(1);
    }
  });

  test("whoever stops a run of a process that was killed is told that it has ended", async () => {
    const { simulator, a, b, asked } = await twoProcesses("ioredis", 1_000);
    simulator.fault("stall-before-headers", { when: ({ prompt }) => prompt.startsWith("Slide 1") });
    const { runId } = (await (await post(`${a.decks}?follow=0`, { topic: "bees" })).json()) as { runId: string };
    await asked("Slide 1");
    a.kill("SIGKILL");
    await a.exited;
    expect((await fetch(`${b.decks}/${runId}`, { method: "DELETE" })).status).toBe(204);
    expect((await follow(`${b.decks}/${runId}`)).at(-1)).toMatchObject({ final: true, data: { code: "interrupted" } });
    const resumed = await post(`${b.decks}/${runId}/resume`);
    expect(await resumed.text()).toContain('"progress":100');
  });
});
