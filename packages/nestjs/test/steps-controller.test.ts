import { type CanActivate, Controller, type ExecutionContext, Logger, UseGuards } from "@nestjs/common";
import { APP_FILTER } from "@nestjs/core";
import { definePipeline, memoryRunStore, type StepContext, type StepEvent, step } from "@signalbox/core";
import { scriptedProvider } from "@signalbox/core/testing";
import { startSimulator } from "@signalbox/testing";
import { describe, expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import {
  type FrameworkRequest,
  LLMBudget,
  LLMExceptionFilter,
  LLMModule,
  type LLMModuleSettings,
  StepsController,
  type StepsControllerOptions,
} from "../src/index.js";
import { type Platform, platforms, start } from "./application.js";
import { post, serverSentEvents } from "./http.js";

interface Topic {
  topic: string;
}

type Gate = (slide: number, context: StepContext<Topic>) => Promise<void>;

/** Two steps that ask the model, the last once per slide, where `gate` may hold it back. */
const deckWith = (gate: Gate = async () => {}) =>
  definePipeline<Topic>("deck", [
    step("outline", async ({ llm, input }) => (await llm.generate({ prompt: `Outline ${input.topic}` })).text),
    step("slides", async (context) => {
      for (const slide of [1, 2]) {
        await gate(slide, context);
        const ask = () => context.llm.generate({ prompt: `Slide ${slide} ${context.input.topic}` });
        await context.item(`slide-${slide}`, async () => (await ask()).text);
        context.progress({ data: { slide }, fraction: slide / 2 });
      }
    }),
  ]);

const WHOLE = [
  "outline started",
  "outline completed",
  "slides started",
  "slides processing",
  "slides processing",
  "slides completed",
];

type UserRequest = FrameworkRequest & { user?: { id: string } };

class HeaderGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest();
    request.user = { id: request.headers["x-user"] ?? "nobody" };
    return request.user.id !== "stranger";
  }
}

async function applicationOn(
  platform: Platform,
  gate?: Gate,
  options: StepsControllerOptions<Topic> = {},
  settings: LLMModuleSettings = { provider: scriptedProvider() },
) {
  @UseGuards(HeaderGuard)
  @Controller("api/decks")
  class DeckController extends StepsController(deckWith(gate), { onError: () => {}, ...options }) {}

  const scope = (request: UserRequest) => ({ user: request.user?.id });
  const { url } = await start(platform, {
    imports: [LLMModule.forRoot({ env: false, retry: false, scope: scope as never, ...settings })],
    controllers: [DeckController],
    providers: [{ provide: APP_FILTER, useClass: LLMExceptionFilter }],
  });
  Logger.overrideLogger(false);
  return { url, base: `${url}/api/decks` };
}

const events = (text: string): StepEvent[] =>
  serverSentEvents(text).flatMap(({ data }) => (data === undefined || data === "[DONE]" ? [] : [JSON.parse(data)]));
const words = (list: readonly StepEvent[]) => list.map(({ step: name, status }) => `${name} ${status}`);
const follow = async (run: string, headers: Record<string, string> = {}) =>
  events(await (await fetch(run, { headers })).text());

/** Reads an answer until what came satisfies `enough`; the rest is left unread. */
async function readUntil(answer: Response, enough: (text: string) => boolean) {
  const reader = (answer.body as ReadableStream<Uint8Array>).getReader();
  const decoder = new TextDecoder();
  let text = "";
  while (!enough(text)) {
    const { done, value } = await reader.read();
    if (done) break;
    text += decoder.decode(value, { stream: true });
  }
  return { text, leave: () => reader.cancel() };
}

/** A gate that holds the second slide back until it is opened. */
function heldSecondSlide() {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { gate: async (slide: number) => (slide === 2 ? promise : undefined), open: resolve };
}

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

  test.each(["abort", "continue"] as const)(
    "with %s @LLMBudget() holds for the calls of its runs",
    async (onDisconnect) => {
      const openrouter = await startSimulator();
      onTestFinished(() => openrouter.close());
      @LLMBudget({ usd: 0, per: "day" })
      @Controller("decks")
      class BoundedController extends StepsController(deckWith(), { onDisconnect, onError: () => {} }) {}
      const client = { apiKey: "sk-or-test", baseURL: openrouter.baseURL, model: "openai/gpt-4o-mini" };
      const imports = [LLMModule.forRoot({ ...client, env: false })];
      const { url } = await start(platform, { imports, controllers: [BoundedController] });
      const told = events(await (await post(`${url}/decks`, { topic: "tea" })).text());
      expect(told.at(-1)).toMatchObject({ status: "error", data: { code: "budget_exceeded" } });
      expect(openrouter.requests).toHaveLength(0);
    },
  );

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

  test("guards and `authorize` keep strangers out: 403 for a start, 404 for a run", async () => {
    const provider = scriptedProvider();
    const owners = new Map<string, string>();
    const { base } = await applicationOn(
      platform,
      undefined,
      {
        authorize: (request, runId) => {
          const user = (request as UserRequest).user?.id ?? "";
          if (runId === undefined) return user === "ann" && { user: "ann", maxTokens: 7 };
          return owners.get(runId) === user;
        },
      },
      { provider },
    );
    expect((await post(base, { topic: "tea" }, { "x-user": "stranger" })).status).toBe(403);
    expect((await post(base, { topic: "tea" }, { "x-user": "bob" })).status).toBe(403);
    const [first] = events(await (await post(base, { topic: "tea" }, { "x-user": "ann" })).text());
    owners.set(first?.runId as string, "ann");
    expect(provider.requests[0]).toMatchObject({ user: "ann", max_tokens: 7 });
    const run = `${base}/${first?.runId}`;
    for (const [method, path] of [
      ["GET", run],
      ["DELETE", run],
      ["POST", `${run}/resume`],
    ] as const)
      expect((await fetch(path, { method, headers: { "x-user": "bob" } })).status).toBe(404);
    expect(words(await follow(run, { "x-user": "ann" }))).toEqual(WHOLE);
  });

  test.each([undefined, null, "", 1])("lets nobody in of whom `authorize` says %j", async (said) => {
    const { base } = await applicationOn(platform, undefined, { authorize: () => said as never });
    expect((await post(base, { topic: "tea" })).status).toBe(403);
  });

  test.each([true, false])("adds what `authorize` says to the policy of the request (context: %j)", async (context) => {
    const provider = scriptedProvider();
    const options = { authorize: () => ({ policy: { dataCollection: "deny" as const } }) };
    const scope = () => ({ policy: { zdr: true } });
    const { base } = await applicationOn(platform, undefined, options, { provider, context, scope });
    expect((await post(base, { topic: "tea" })).status).toBe(200);
    expect(provider.requests[0]).toMatchObject({ provider: { zdr: true, data_collection: "deny" } });
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
