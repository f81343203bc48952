import { Controller } from "@nestjs/common";
import { memoryRunStore } from "@signalbox/core";
import { scriptedProvider } from "@signalbox/core/testing";
import { describe, expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { readUntil } from "../../express/test/read-until.js";
import { LLMModule, StepsController } from "../src/index.js";
import { platforms, start } from "./application.js";
import { applicationOn, deckWith, heldSecondSlide } from "./deck-application.js";
import { events, follow, WHOLE, words } from "./deck-events.js";
import type { UserRequest } from "./header-guard.js";
import { post, serverSentEvents } from "./http.js";

describe.each(platforms)("S16 on %s, a controller of steps", (platform) => {
  test("POST / streams the run's events, numbered, to [DONE]", async () => {
    const provider = scriptedProvider();
    const { base } = await applicationOn(platform, undefined, {}, { provider });
    const answer = await post(base, { topic: "tea" }, { "x-user": "ann" });
    const text = await answer.text();
    const list = events(text);
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
    expect(answer.headers.get("location")).toBe(`/api/decks/${list[0]?.runId}`);
    expect(words(list)).toEqual(WHOLE);
    expect(serverSentEvents(text).map(({ id }) => id)).toEqual([...list.map(({ seq }) => String(seq)), undefined]);
    expect(provider.requests.map(({ user }) => user)).toEqual(["ann", "ann", "ann"]);
  });

  test.each([
    ["JSON is all that is accepted", "", { accept: "application/json" }],
    ["nobody wants to follow", "?follow=0", {}],
  ])("POST / answers 202 and the run's id where %s", async (_when, query, headers) => {
    const { base, url } = await applicationOn(platform);
    const answer = await post(base + query, { topic: "tea" }, headers as Record<string, string>);
    const { runId } = (await answer.json()) as { runId: string };
    expect(answer.status).toBe(202);
    expect(answer.headers.get("location")).toBe(`/api/decks/${runId}`);
    expect(words(await follow(url + answer.headers.get("location")))).toEqual(WHOLE.slice(0));
  });

  test("GET /:runId replays behind Last-Event-ID or ?after= without gap or repeat", async () => {
    const { base } = await applicationOn(platform);
    const [first] = events(await (await post(base, { topic: "tea" })).text());
    const run = `${base}/${first?.runId}`;
    expect((await follow(run, { "last-event-id": "4" })).map(({ seq }) => seq)).toEqual([5, 6]);
    expect((await follow(`${run}?after=4`)).map(({ seq }) => seq)).toEqual([5, 6]);
    for (const [wrong, headers, status] of [
      [`${run}?after=-1`, {}, 400],
      [run, { "last-event-id": "five" }, 400],
      [`${base}/unknown`, {}, 404],
    ] as const)
      expect((await fetch(wrong, { headers })).status).toBe(status);
  });

  test("GET /:runId follows live, and whoever only follows stops nothing by leaving", async () => {
    const { gate, open } = heldSecondSlide();
    const { base } = await applicationOn(platform, gate, { onDisconnect: "continue" });
    const { runId } = (await (await post(`${base}?follow=0`, { topic: "tea" })).json()) as { runId: string };
    const leaving = await readUntil(await fetch(`${base}/${runId}`), (text) => text.includes('"processing"'));
    await leaving.leave();
    const staying = await fetch(`${base}/${runId}`);
    open();
    expect(words(events(await staying.text()))).toEqual(WHOLE);
  });

  test("Location stands under any path, also one that is called like a route", async () => {
    let fails = true;
    const failingOnce = async () => {
      if (fails) throw new Error("not yet");
    };
    @Controller("resume")
    class ResumeController extends StepsController(deckWith(failingOnce), { onError: () => {} }) {}
    const imports = [LLMModule.forRoot({ provider: scriptedProvider(), env: false })];
    const { url } = await start(platform, { imports, controllers: [ResumeController] });
    const started = await post(`${url}/resume`, { topic: "tea" });
    const [first] = events(await started.text());
    expect(started.headers.get("location")).toBe(`/resume/${first?.runId}`);
    fails = false;
    const resumed = await post(`${url}/resume/${first?.runId}/resume`);
    await resumed.text();
    expect(resumed.headers.get("location")).toBe(`/resume/${first?.runId}`);
  });

  test("HEAD /:runId tells at once whether there is such a run, of this pipeline", async () => {
    const store = memoryRunStore();
    const { base } = await applicationOn(platform, undefined, { store });
    await store.lease("live", 100_000, "another process");
    await store.checkpoint("live", "run", { pipeline: "deck", input: {} });
    await store.checkpoint("invoice", "run", { pipeline: "invoice", input: {} });
    const statuses = ["live", "invoice", "unknown"].map(
      async (run) => (await fetch(`${base}/${run}`, { method: "HEAD" })).status,
    );
    expect(await Promise.all(statuses)).toEqual([200, 404, 404]);
  });

  test("goes on with no run but one of its pipeline, and says no more of the others than of unknown ones", async () => {
    const store = memoryRunStore();
    const { base } = await applicationOn(platform, undefined, { store });
    await store.checkpoint("invoice", "run", { pipeline: "invoice", input: {} });
    await store.checkpoint("chat", "run", { kind: "chat", steps: ["chat"] });
    for (const run of ["invoice", "chat", "unknown"]) {
      for (const resumed of [await post(`${base}/${run}/resume`, {}), await post(base, { resumeFrom: run })]) {
        const told = { error: { code: "not_found", message: `run not found: ${run}` } };
        expect([resumed.status, await resumed.json()]).toMatchObject([404, told]);
      }
      expect(await store.read(run, 0)).toEqual([]);
    }
  });

  test("resuming by the body goes on; what makes no sense is refused, without a Location", async () => {
    let broken = true;
    const heard: unknown[] = [];
    const cause = new Error("out of paper");
    const { base } = await applicationOn(
      platform,
      async (slide) => {
        if (slide === 2 && broken) throw cause;
      },
      { onError: (error, run) => heard.push([error, run.step]) },
    );
    const text = await (await post(base, { topic: "tea" })).text();
    expect(text).not.toContain("paper");
    expect(heard).toEqual([[cause, "slides"]]);
    broken = false;
    const resumed = await (await post(base, { resumeFrom: events(text)[0]?.runId })).text();
    expect(events(resumed).at(-1)).toMatchObject({ status: "completed", progress: 100 });
    for (const [body, status] of [
      [{ resumeFrom: "unknown" }, 404],
      [{ resumeFrom: 7 }, 400],
      [{ resumeFrom: "unknown", topic: "other" }, 400],
      [[], 400],
    ] as const) {
      const answer = await post(base, body);
      expect([answer.status, answer.headers.get("location")]).toEqual([status, null]);
    }
  });

  test("a schema or a function makes the input", async () => {
    const provider = scriptedProvider();
    const input = z.strictObject({ topic: z.string().trim().min(3) });
    const strict = await applicationOn(platform, undefined, { input }, { provider });
    const refused = await post(strict.base, { topic: "x", slides: 3 });
    expect([refused.status, await refused.text()]).toEqual([400, expect.stringMatching(/topic: .*slides/s)]);
    await (await post(strict.base, { topic: "  tea " })).text();
    expect(provider.requests[0]?.messages).toEqual([{ role: "user", content: "Outline tea" }]);
    const made = await applicationOn(
      platform,
      undefined,
      { input: ({ topic }, request) => ({ topic: `${topic} of ${(request as UserRequest).user?.id}` }) },
      { provider },
    );
    await (await post(made.base, { topic: "tea" }, { "x-user": "ann" })).text();
    expect(provider.requests[3]?.messages).toEqual([{ role: "user", content: "Outline tea of ann" }]);
  });

  test("a listener that throws stops nothing", async () => {
    const { base } = await applicationOn(
      platform,
      async () => {
        throw new Error("out of paper");
      },
      {
        onError: () => {
          throw new Error("deaf");
        },
      },
    );
    const list = events(await (await post(base, { topic: "tea" })).text());
    expect(list.at(-1)).toMatchObject({ status: "error", final: true });
  });

  test("a listener that fails later stops nothing either, and nothing is left unhandled", async () => {
    const told = Promise.withResolvers<void>();
    const unhandled: unknown[] = [];
    const hear = (error: unknown) => unhandled.push(error);
    process.on("unhandledRejection", hear);
    onTestFinished(() => void process.off("unhandledRejection", hear));
    const { base } = await applicationOn(
      platform,
      async () => {
        throw new Error("out of paper");
      },
      {
        onError: async () => {
          setImmediate(told.resolve);
          throw new Error("deaf");
        },
      },
    );
    await (await post(base, { topic: "tea" })).text();
    await told.promise;
    expect(unhandled).toEqual([]);
  });

  test("writes lines of JSON where that is the transport", async () => {
    const { base } = await applicationOn(platform, undefined, { transport: "ndjson" });
    const answer = await post(base, { topic: "tea" });
    const lines = (await answer.text()).trimEnd().split("\n");
    expect(words(lines.map((line) => JSON.parse(line)))).toEqual(WHOLE);
  });
});

test("an option that nobody reads is refused where it is written", () => {
  expect(() => StepsController(deckWith(), { onDisconect: "continue" } as never)).toThrow(/onDisconect/);
});

test.each([
  [{ input: "topic" }, /StepsController: `input` is neither a schema nor a function/],
  [{ onDisconnect: "continu" }, /StepsController: `onDisconnect` is not one that is known/],
  [{ leaseMs: 0 }, /StepsController: `leaseMs` is no time/],
])("an option that nobody can have meant is refused where it is written: %j", (options, words) => {
  expect(() => StepsController(deckWith(), options as never)).toThrow(words);
});
