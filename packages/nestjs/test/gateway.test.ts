import { once } from "node:events";
import { UseFilters } from "@nestjs/common";
import { WsAdapter } from "@nestjs/platform-ws";
import { MessageBody, SubscribeMessage, WebSocketGateway } from "@nestjs/websockets";
import { startSimulator } from "@signalbox/testing";
import { map, type Observable } from "rxjs";
import { describe, expect, onTestFinished, test } from "vitest";
import { WebSocket } from "ws";
import {
  InjectLLM,
  LLMBudget,
  LLMExceptionFilter,
  LLMLimit,
  LLMModule,
  type LLMService,
  publicEvents,
  shareRun,
} from "../src/index.js";
import { type Platform, platforms, start } from "./application.js";

@UseFilters(LLMExceptionFilter)
@WebSocketGateway()
class ChatGateway {
  readonly #shared = new Map<string, Observable<string>>();

  constructor(@InjectLLM() private readonly llm: LLMService) {}

  @SubscribeMessage("chat")
  chat(@MessageBody("prompt") prompt: string) {
    return this.llm.events$({ prompt }).pipe(
      publicEvents(),
      map((data) => ({ event: "chat", data })),
    );
  }

  @SubscribeMessage("watch")
  watch(@MessageBody("prompt") prompt: string) {
    const run = this.#shared.get(prompt) ?? this.llm.text$({ prompt }).pipe(shareRun());
    this.#shared.set(prompt, run);
    return run.pipe(map((data) => ({ event: "text", data })));
  }

  @SubscribeMessage("poor")
  @LLMBudget({ usd: 0, per: "day" })
  poor() {
    return this.llm.text$({ prompt: "hi", maxTokens: 100 }).pipe(map((data) => ({ event: "text", data })));
  }

  @SubscribeMessage("limited")
  @LLMLimit({ requestsPerMinute: 1 })
  limited() {
    return { event: "done", data: true };
  }
}

interface Message {
  event: string;
  data: unknown;
}

/** A client whose messages come in order. */
async function clientOf(url: string) {
  const socket = new WebSocket(url.replace("http", "ws"));
  onTestFinished(() => socket.terminate());
  const messages: Message[] = [];
  let news = Promise.withResolvers<void>();
  socket.on("message", (data) => {
    messages.push(JSON.parse(String(data)));
    news.resolve();
    news = Promise.withResolvers();
  });
  await once(socket, "open");
  return {
    messages,
    ask: (event: string, prompt?: string) => socket.send(JSON.stringify({ event, data: { prompt } })),
    leave: () => socket.terminate(),
    async until(enough: (list: readonly Message[]) => boolean): Promise<readonly Message[]> {
      while (!enough(messages)) await news.promise;
      return messages;
    },
  };
}

async function application(platform: Platform) {
  const openrouter = await startSimulator();
  onTestFinished(() => openrouter.close());
  const { baseURL } = openrouter;
  const options = { apiKey: "sk-or-secret", baseURL, model: "openai/gpt-4o-mini", env: false as const };
  const { url } = await start(
    platform,
    { imports: [LLMModule.forRoot({ ...options, retry: false })], providers: [ChatGateway] },
    { configure: (app) => void app.useWebSocketAdapter(new WsAdapter(app)) },
  );
  return { url, openrouter };
}

const text = (messages: readonly Message[]) =>
  messages
    .filter(({ event }) => event === "text")
    .map(({ data }) => data)
    .join("");

describe.each(platforms)("S31 on %s, a gateway", (platform) => {
  test("sends the Observable's values, without what is the server's business", async () => {
    const { url, openrouter } = await application(platform);
    openrouter.reply("one two three");
    const client = await clientOf(url);
    client.ask("chat", "hi");
    const isFinish = ({ data }: Message) => (data as { type?: string }).type === "finish";
    const messages = await client.until((list) => list.some(isFinish));
    expect(messages.at(-1)).toMatchObject({
      event: "chat",
      data: { type: "finish", result: { text: "one two three" } },
    });
    expect(JSON.stringify(messages)).not.toContain('"raw":');
  });

  test("a client who leaves closes upstream, in the middle and before the first token", async () => {
    const { url, openrouter } = await application(platform);
    openrouter.reply("one two three four five");
    openrouter.fault("stall", { after: 2 });
    const client = await clientOf(url);
    client.ask("chat", "hi");
    await client.until((list) => list.length >= 3);
    client.leave();
    expect(await openrouter.requests[0]?.closed).toMatchObject({ state: "closed-by-client", events: 2 });

    openrouter.fault("stall-before-headers");
    const waiting = await clientOf(url);
    const asked = openrouter.nextRequest();
    waiting.ask("chat", "hi");
    const { closed } = await asked;
    waiting.leave();
    expect(await closed).toMatchObject({ state: "closed-by-client", events: 0 });
  });

  test("the filter tells failures as an exception message; the socket stays", async () => {
    const { url, openrouter } = await application(platform);
    openrouter.fault("429", { retryAfter: 7 });
    const client = await clientOf(url);
    client.ask("chat", "hi");
    expect((await client.until((list) => list.length > 0))[0]).toMatchObject({
      event: "exception",
      data: { status: "error", code: "rate_limit", retryable: true, retryAfterMs: 7_000 },
    });
    openrouter.reply("again");
    client.ask("watch", "again");
    await client.until((list) => text(list) === "again");
    expect(openrouter.requests).toHaveLength(2);
  });

  test("shareRun(): many viewers, one call; it ends as the last one leaves", async () => {
    const { url, openrouter } = await application(platform);
    openrouter.reply("one two three four five");
    openrouter.fault("stall", { after: 2 });
    const [first, second] = [await clientOf(url), await clientOf(url)];
    first.ask("watch", "hi");
    await first.until((list) => text(list) === "one two");
    second.ask("watch", "hi");
    await second.until((list) => text(list) === "one two");
    expect(openrouter.requests).toHaveLength(1);
    first.leave();
    const third = await clientOf(url);
    third.ask("watch", "hi");
    await third.until((list) => text(list) === "one two");
    expect(openrouter.requests[0]?.state).toBe("open");
    second.leave();
    third.leave();
    expect(await openrouter.requests[0]?.closed).toMatchObject({ state: "closed-by-client", events: 2 });
  });

  test("@LLMBudget() and @LLMLimit() hold here, too", async () => {
    const { url, openrouter } = await application(platform);
    const client = await clientOf(url);
    client.ask("poor");
    expect((await client.until((list) => list.length === 1))[0]?.data).toMatchObject({ code: "budget_exceeded" });
    expect(openrouter.requests).toHaveLength(0);
    client.ask("limited");
    await client.until((list) => list.length === 2);
    client.ask("limited");
    const answers = (await client.until((list) => list.length === 3)).slice(1);
    expect(answers).toMatchObject([
      { event: "done", data: true },
      { event: "exception", data: { code: "rate_limit" } },
    ]);
  });
});
