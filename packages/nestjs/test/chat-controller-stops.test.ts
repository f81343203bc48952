import { type CallHandler, Controller, Logger, UseInterceptors } from "@nestjs/common";
import { InvalidRequestError, memoryRunStore, type RunStore } from "@signalbox/core";
import { scriptedProvider } from "@signalbox/core/testing";
import { merge, mergeMap, Subject, take, takeUntil, throwError } from "rxjs";
import { describe, expect, test } from "vitest";
import { ChatController, LLMModule } from "../src/index.js";
import { platforms, start } from "./application.js";
import { applicationOn, runOf } from "./chat-application.js";
import { heldProvider } from "./held-provider.js";
import { post, streamEvents } from "./http.js";

describe.each(platforms)("on %s, a chat whose answer an interceptor gives up", (platform) => {
  test.each([true, false])("ends upstream as long as nothing else is said (context: %j)", async (context) => {
    const stop$ = new Subject<void>();
    const stopping = {
      intercept: (_context: unknown, next: CallHandler) =>
        merge(
          next.handle().pipe(takeUntil(stop$)),
          stop$.pipe(mergeMap(() => throwError(() => new Error("stopped")))),
        ).pipe(take(1)),
    };

    @UseInterceptors(stopping)
    @Controller()
    class Chat extends ChatController({ onError: () => {} }) {}

    const provider = heldProvider();
    const { url } = await start(platform, {
      imports: [LLMModule.forRoot({ env: false, retry: false, provider, context })],
      controllers: [Chat],
    });
    Logger.overrideLogger(false);
    const answer = post(url, { prompt: "Hi" });
    await provider.calls(1);
    stop$.next();
    expect((await answer).status).toBe(500);
    expect(provider.signals[0]?.aborted).toBe(true);
  });
});

describe.each(platforms)("on %s, DELETE /:runId of a chat", (platform) => {
  const memory = memoryRunStore();

  test("ends it upstream, whoever watches; one that has ended stays as it is", async () => {
    const provider = heldProvider();
    const { base, store } = await applicationOn(platform, provider, { onDisconnect: "continue" });
    const other = await applicationOn(platform, scriptedProvider(), { store });
    const answer = await post(`${base}?follow=0`, { prompt: "Hi" });
    await provider.calls(1);
    provider.say("Hello");
    const follower = fetch(`${base}/${runOf(answer)}`);
    expect((await fetch(`${other.base}/${runOf(answer)}`, { method: "DELETE" })).status).toBe(204);
    expect(provider.signals[0]?.aborted).toBe(true);
    expect(streamEvents(await (await follower).text()).events.at(-1)).toMatchObject({ error: { code: "aborted" } });
    expect((await fetch(`${base}/${runOf(answer)}`, { method: "DELETE" })).status).toBe(204);
  });

  test("whose end was not kept gives 204 once the log has one all the same", async () => {
    const refusals = [new Error("ECONNRESET")];
    const append: RunStore["append"] = async (runId, event, holder) => {
      const refusal = event.final ? refusals.shift() : undefined;
      if (refusal !== undefined) throw refusal;
      return memory.append(runId, event, holder);
    };
    const provider = heldProvider();
    const { base } = await applicationOn(platform, provider, { store: { ...memory, append } });
    const answer = await post(`${base}?follow=0`, { prompt: "Hi" });
    await provider.calls(1);
    expect((await fetch(`${base}/${runOf(answer)}`, { method: "DELETE" })).status).toBe(204);
    expect(provider.signals[0]?.aborted).toBe(true);
    expect((await memory.read(runOf(answer), 0)).at(-1)).toMatchObject({ final: true, data: { code: "interrupted" } });
  });

  test("that another process has taken over gives 202 where that one does not answer", async () => {
    let isTaken = false;
    const store: RunStore = {
      ...memory,
      append: async (runId, event, holder) => {
        if (isTaken) throw new InvalidRequestError("invalid_request", "the run was taken over", { status: 409 });
        return memory.append(runId, event, holder);
      },
      lease: async (runId, ms, holder) => (isTaken ? ms <= 0 : memory.lease(runId, ms, holder)),
    };
    const provider = heldProvider();
    const { base } = await applicationOn(platform, provider, { store, stopTimeoutMs: 1 });
    const answer = await post(`${base}?follow=0`, { prompt: "Hi" });
    await provider.calls(1);
    isTaken = true;
    const stopped = await fetch(`${base}/${runOf(answer)}`, { method: "DELETE" });
    expect([stopped.status, await stopped.json()]).toEqual([202, { runId: runOf(answer) }]);
    expect(provider.signals[0]?.aborted).toBe(true);
  });
});
