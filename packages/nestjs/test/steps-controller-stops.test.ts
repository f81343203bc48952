import { memoryRunStore } from "@signalbox/core";
import { scriptedProvider } from "@signalbox/core/testing";
import { startSimulator } from "@signalbox/testing";
import { describe, expect, onTestFinished, test } from "vitest";
import { readUntil } from "../../express/test/read-until.js";
import { platforms } from "./application.js";
import { applicationOn, heldSecondSlide } from "./deck-application.js";
import { events, follow, WHOLE, words } from "./deck-events.js";
import { post } from "./http.js";

describe.each(platforms)("S16 on %s, a controller of steps", (platform) => {
  test("a starter who leaves stops the run with abort, and resuming it asks for nothing twice", async () => {
    const simulator = await startSimulator();
    onTestFinished(() => simulator.close());
    simulator.fault("stall-before-headers", { when: ({ prompt }) => prompt === "Slide 2 tea" });
    const store = memoryRunStore();
    const settings = { apiKey: "sk-or-test", baseURL: simulator.baseURL, model: "openai/gpt-4o-mini" };
    const { base } = await applicationOn(platform, undefined, { store }, settings);
    const stalled = simulator.waitFor(({ prompt }) => prompt === "Slide 2 tea");
    const { text, leave } = await readUntil(await post(base, { topic: "tea" }), (read) =>
      read.includes('"processing"'),
    );
    const request = await stalled;
    await leave();
    expect(await request.closed).toMatchObject({ state: "closed-by-client", events: 0 });

    const runId = events(text)[0]?.runId as string;
    await expect.poll(async () => (await store.read(runId, 0)).at(-1)?.final).toBe(true);
    const again = await fetch(`${base}/${runId}/resume`, { method: "POST" });
    expect(again.headers.get("location")).toBe(`/api/decks/${runId}`);
    expect(words(events(await again.text()))).toEqual(WHOLE.slice(2));
    expect(simulator.requests.map(({ prompt }) => prompt)).toEqual([
      "Outline tea",
      "Slide 1 tea",
      "Slide 2 tea",
      "Slide 2 tea",
    ]);
  });

  test("with continue a starter who leaves stops nothing, and the run stays charged to them", async () => {
    const { gate, open } = heldSecondSlide();
    const provider = scriptedProvider();
    const { base } = await applicationOn(platform, gate, { onDisconnect: "continue" }, { provider });
    const started = await readUntil(await post(base, { topic: "tea" }, { "x-user": "ann" }), (text) =>
      text.includes('"processing"'),
    );
    await started.leave();
    open();
    expect(words(await follow(`${base}/${events(started.text)[0]?.runId}`))).toEqual(WHOLE);
    expect(provider.requests.map(({ user }) => user)).toEqual(["ann", "ann", "ann"]);
  });

  test("DELETE /:runId stops a run, once and for all", async () => {
    const { gate } = heldSecondSlide();
    const { base } = await applicationOn(platform, async (slide, { signal }) => {
      if (slide === 1) return;
      await Promise.race([gate(slide), new Promise((_, reject) => signal.addEventListener("abort", reject))]);
    });
    const answer = await post(base, { topic: "tea" });
    const { text, leave } = await readUntil(answer, (read) => read.includes('"processing"'));
    const run = `${base}/${events(text)[0]?.runId}`;
    expect((await fetch(run, { method: "DELETE" })).status).toBe(204);
    expect((await follow(run)).at(-1)).toMatchObject({ status: "error", final: true, data: { code: "aborted" } });
    expect((await fetch(run, { method: "DELETE" })).status).toBe(204);
    expect((await fetch(`${base}/unknown`, { method: "DELETE" })).status).toBe(404);
    await leave();
  });

  test("DELETE /:runId of another process's run: 204 once it has ended there, 202 where it does not answer", async () => {
    const store = memoryRunStore();
    const { gate } = heldSecondSlide();
    // Two controllers over one store, as in two processes: neither knows what the other one executes.
    const here = await applicationOn(platform, gate, { store });
    const there = await applicationOn(platform, undefined, { store: { ...store }, stopTimeoutMs: 1 });
    const { runId } = (await (await post(`${here.base}?follow=0`, { topic: "tea" })).json()) as { runId: string };
    const followed = follow(`${there.base}/${runId}`);
    const elsewhere = await applicationOn(platform, undefined, { store: { ...store } });
    expect((await fetch(`${elsewhere.base}/${runId}`, { method: "DELETE" })).status).toBe(204);
    expect((await followed).at(-1)).toMatchObject({ final: true, data: { code: "aborted" } });

    await store.lease("mute", 100_000, "another process");
    await store.checkpoint("mute", "run", { pipeline: "deck", input: {} });
    const late = await fetch(`${there.base}/mute`, { method: "DELETE" });
    expect([late.status, await late.json()]).toEqual([202, { runId: "mute" }]);
    await store.lease("mute", 0, "another process");
    expect((await fetch(`${there.base}/mute`, { method: "DELETE" })).status).toBe(204);
    expect(await follow(`${here.base}/mute`)).toMatchObject([{ final: true, data: { code: "interrupted" } }]);
  });

  test("DELETE /:runId beside an attempt to resume that is about to be refused does not take it for the run", async () => {
    const store = memoryRunStore();
    await store.lease("elsewhere", 100_000, "another process");
    await store.checkpoint("elsewhere", "run", { pipeline: "deck", input: {} });
    const [asked, stopping] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const { base } = await applicationOn(platform, undefined, {
      store: {
        ...store,
        lease: async (...given) => {
          asked.resolve();
          await stopping.promise;
          return store.lease(...given);
        },
      },
      stopTimeoutMs: 1,
      authorize: (request) => {
        if ((request as { method?: string }).method === "DELETE") setImmediate(stopping.resolve);
        return true;
      },
    });
    const resumed = post(`${base}/elsewhere/resume`, {});
    await asked.promise;
    expect((await fetch(`${base}/elsewhere`, { method: "DELETE" })).status).toBe(202);
    expect((await resumed).status).not.toBe(200);
  });
});
