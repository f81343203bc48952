import { Controller, Post } from "@nestjs/common";
import { APP_FILTER } from "@nestjs/core";
import { definePipeline, LLMClient, type LLMProvider, memoryRunStore, startChatRun, step } from "@signalbox/core";
import { scriptedProvider } from "@signalbox/core/testing";
import { describe, expect, onTestFinished, test } from "vitest";
import {
  ChatController,
  ChatStream,
  InjectLLM,
  LLMExceptionFilter,
  LLMModule,
  type LLMService,
  StepsController,
} from "../src/index.js";
import { platforms, start } from "./application.js";
import { post, streamEvents } from "./http.js";

const store = memoryRunStore();
const told = {
  type: "error",
  error: { code: "aborted", message: "the server is shutting down", retryable: true, retryAfterMs: 1_000 },
};

@Controller()
class Chat {
  constructor(@InjectLLM() private readonly llm: LLMService) {}

  @Post("chat")
  @ChatStream()
  chat() {
    return this.llm.client.stream({ prompt: "hi" });
  }

  @Post("detached")
  detached() {
    return { runId: this.llm.detach((client) => startChatRun(client, { prompt: "hi" }, { store })).runId };
  }
}

const deck = definePipeline("deck", [
  step("one", () => "made"),
  step("two", async ({ llm }) => (await llm.stream({ prompt: "2" }).result).text),
]);

@Controller("decks")
class Decks extends StepsController(deck, { store, onDisconnect: "continue", onError: () => {} }) {}

@Controller("chats")
class Chats extends ChatController({ store, onDisconnect: "continue", onError: () => {} }) {}

/** A model that says one word to everybody and then nothing more. */
function stallingProvider() {
  const signals: AbortSignal[] = [];
  const provider: LLMProvider = {
    ...scriptedProvider(),
    defaultModel: "stalling/model",
    async chatStream(_body, { signal = new AbortController().signal }) {
      signals.push(signal);
      const aborted = new Promise<never>((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
      return {
        status: 200,
        done: true,
        close() {},
        async *[Symbol.asyncIterator]() {
          yield [{ id: "gen", choices: [{ index: 0, delta: { content: "one" }, finish_reason: null }] }];
          await aborted;
        },
      };
    },
  };
  return { provider, signals };
}

/** How the module comes to its client. */
const clients = {
  made: (provider: LLMProvider) => ({ provider, env: false as const }),
  "ready made": (provider: LLMProvider) => {
    const client = new LLMClient({ provider, env: false });
    onTestFinished(() => client.close());
    return { client };
  },
};

describe.each(platforms)("an application on %s", (platform) => {
  describe.each(Object.entries(clients))("with a client that is %s", (_name, client) => {
    const begin = async (shutdownGraceMs: number) => {
      const { provider, signals } = stallingProvider();
      const metadata = {
        imports: [LLMModule.forRoot({ ...client(provider), shutdownGraceMs })],
        controllers: [Chat, Decks, Chats],
        providers: [{ provide: APP_FILTER, useClass: LLMExceptionFilter }],
      };
      return { signals, ...(await start(platform, metadata, { forceCloseConnections: false })) };
    };

    test("ends fifty live streams with one error event each when the grace is over, and closes", async () => {
      const { signals, app, url } = await begin(10);
      const asking = Array.from({ length: 50 }, () => post(`${url}/chat`, {}, { connection: "close" }));
      const texts = Promise.all((await Promise.all(asking)).map((answer) => answer.text()));
      await app.close();
      for (const text of await texts) {
        const { events, done } = streamEvents(text);
        expect(events.filter(({ type }) => type === "error")).toEqual([told]);
        expect(done).toBe(true);
      }
      expect(signals.filter(({ aborted }) => aborted)).toHaveLength(50);
    });

    test("gives up runs that go on without their client, which others can resume", async () => {
      const { app, url } = await begin(10);
      const answer = await post(`${url}/decks?follow=0`, {}, { connection: "close" });
      const { runId } = (await answer.json()) as { runId: string };
      await app.close();
      expect((await store.read(runId, 0)).at(-1)).toMatchObject({
        final: true,
        data: { code: "aborted", retryable: true, completedSteps: ["one"], nextStep: "two" },
      });
      expect(await store.lease(runId, 1, "another process")).toBe(true);
    });

    test.each(["chats?follow=0", "detached"])("gives up chats that go on without their client: %s", async (path) => {
      const { app, url } = await begin(10);
      const answer = await post(`${url}/${path}`, { prompt: "hi" }, { connection: "close" });
      const { runId } = (await answer.json()) as { runId: string };
      await app.close();
      const last = (await store.read(runId, 0)).at(-1);
      expect(last).toMatchObject({ final: true, data: { code: "aborted", retryable: true } });
    });
  });
});
