import { memoryRunStore } from "@signalbox/core";
import { describe, expect, test } from "vitest";
import { deck, events, running, WHOLE, words } from "./deck-router.js";
import { readUntil } from "./read-until.js";
import { postJson } from "./serve.js";

describe("GET /:runId", () => {
  test("replays behind Last-Event-ID or ?after= without gap or repeat", async () => {
    const { base } = await running();
    const [first] = events(await (await postJson(base, { topic: "Signals" })).text());
    const run = `${base}/${first?.runId}`;
    for (const [url, headers] of [
      [run, { "last-event-id": "5" }],
      [`${run}?after=5`, {}],
    ] as const) {
      const list = events(await (await fetch(url, { headers })).text());
      expect(list.map(({ seq }) => seq)).toEqual([6, 7, 8]);
    }
    expect((await fetch(`${run}?after=-1`)).status).toBe(400);
    expect((await fetch(run, { headers: { "last-event-id": "five" } })).status).toBe(400);
    expect((await fetch(`${base}/unknown`)).status).toBe(404);
  });

  test("follows live, and whoever only follows stops nothing by leaving", async () => {
    const gate = Promise.withResolvers<void>();
    const { base } = await running(
      deck(async (slide) => {
        if (slide === 2) await gate.promise;
      }),
    );
    const { runId } = (await (await postJson(`${base}?follow=0`, { topic: "Signals" })).json()) as { runId: string };
    const leaving = await readUntil(await fetch(`${base}/${runId}`), (text) => text.includes('"processing"'));
    await leaving.leave();
    const staying = await readUntil(await fetch(`${base}/${runId}`), (text) => text.includes('"processing"'));
    gate.resolve();
    const rest = await readUntil(await fetch(`${base}/${runId}?after=6`), (text) => text.includes("[DONE]"));
    expect(words(events(staying.text))).toEqual(WHOLE.slice(0, 6));
    expect(words(events(rest.text))).toEqual(WHOLE.slice(6));
    await staying.leave();
  });
});

describe("HEAD /:runId", () => {
  test("tells at once whether there is such a run, of this pipeline", async () => {
    const store = memoryRunStore();
    const { base } = await running(deck(), { store });
    await store.lease("live", 100_000, "another process");
    await store.checkpoint("live", "run", { pipeline: "deck", input: {} });
    await store.checkpoint("invoice", "run", { pipeline: "invoice", input: {} });
    const statuses = ["live", "invoice", "unknown"].map(
      async (run) => (await fetch(`${base}/${run}`, { method: "HEAD" })).status,
    );
    expect(await Promise.all(statuses)).toEqual([200, 404, 404]);
  });
});

describe("resuming", () => {
  test.each(["body", "path"])("goes on with a run that failed, by the %s", async (way) => {
    let broken = true;
    const pipeline = deck(async (slide) => {
      if (slide === 2 && broken) throw new Error("down");
    });
    const { base, provider } = await running(pipeline);
    const failed = events(await (await postJson(base, { topic: "Signals" })).text());
    const runId = failed[0]?.runId as string;
    broken = false;
    const answer =
      way === "body"
        ? await postJson(base, { resumeFrom: runId })
        : await fetch(`${base}/${runId}/resume`, { method: "POST" });
    const resumed = events(await answer.text());
    expect(answer.headers.get("location")).toBe(`/api/steps/${runId}`);
    expect(resumed.map(({ seq }) => seq)).toEqual(resumed.map((_, index) => failed.length + 1 + index));
    expect(resumed.at(-1)).toMatchObject({ status: "completed", progress: 100 });
    expect(provider.requests).toHaveLength(4);
  });

  test.each([
    [{ resumeFrom: "unknown" }, 404, "not_found"],
    [{ resumeFrom: 7 }, 400, "invalid_request"],
    [{ resumeFrom: "unknown", topic: "Other" }, 400, "invalid_request"],
  ])("%j is %i", async (body, status, code) => {
    const { base } = await running();
    const answer = await postJson(base, body);
    expect(answer.status).toBe(status);
    expect(answer.headers.get("location")).toBeNull();
    expect(await answer.json()).toMatchObject({ error: { code } });
  });

  test("a run that still goes is 409, and goes on", async () => {
    const gate = Promise.withResolvers<void>();
    const { base } = await running(deck(() => gate.promise));
    const { runId } = (await (await postJson(`${base}?follow=0`, { topic: "Signals" })).json()) as { runId: string };
    const again = await postJson(base, { resumeFrom: runId });
    expect(again.status).toBe(409);
    gate.resolve();
    expect(words(events(await (await fetch(`${base}/${runId}`)).text()))).toEqual(WHOLE);
  });
});
