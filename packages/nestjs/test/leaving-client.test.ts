import { Body, Controller, Inject, Injectable, Post } from "@nestjs/common";
import { definePipeline, step } from "@signalbox/core";
import { startSimulator } from "@signalbox/testing";
import { map } from "rxjs";
import { describe, expect, onTestFinished, test } from "vitest";
import { ChatStream, InjectLLM, LLMModule, type LLMService } from "../src/index.js";
import { type Platform, platforms, start } from "./application.js";
import { halfClosingClient, killedClient } from "./leaving-clients.js";

const deck = definePipeline<string>("deck", [
  step("outline", async ({ input, llm }) => (await llm.generate({ prompt: `outline of ${input}` })).text),
  step("content", async ({ input, llm }) => (await llm.generate({ prompt: `slides about ${input}` })).text),
]);

@Injectable()
class Moderation {
  constructor(@InjectLLM() private readonly llm: LLMService) {}

  async check(prompt: string): Promise<string> {
    return (await this.llm.generate({ prompt })).text;
  }
}

@Controller()
class ChatController {
  constructor(
    @InjectLLM() private readonly llm: LLMService,
    @Inject(Moderation) private readonly moderation: Moderation,
  ) {}

  @Post("stream")
  @ChatStream()
  stream(@Body("prompt") prompt: string) {
    return this.llm.client.stream({ prompt });
  }

  @Post("text$")
  @ChatStream()
  text$(@Body("prompt") prompt: string) {
    return this.llm.text$({ prompt });
  }

  @Post("mapped$")
  @ChatStream()
  mapped$(@Body("prompt") prompt: string) {
    return this.llm.text$({ prompt }).pipe(map((text) => text.toUpperCase()));
  }

  @Post("deck")
  @ChatStream()
  deck(@Body("prompt") prompt: string) {
    return this.llm.steps$(deck, prompt);
  }

  @Post("moderated")
  @ChatStream()
  async moderated(@Body("prompt") prompt: string) {
    return this.llm.text$({ prompt: await this.moderation.check(prompt) });
  }
}

async function applicationOn(platform: Platform, context?: boolean) {
  const openrouter = await startSimulator();
  onTestFinished(() => openrouter.close());
  const { baseURL } = openrouter;
  const options = { apiKey: "sk-or-test", baseURL, model: "openai/gpt-4o-mini", env: false as const, context };
  const { url } = await start(platform, {
    imports: [LLMModule.forRoot(options)],
    controllers: [ChatController],
    providers: [Moderation],
  });
  return { url, openrouter };
}

const clients = [
  { how: "killed", client: killedClient },
  { how: "half-closed", client: halfClosingClient },
];

describe.each(platforms)("F35 on %s, a client that leaves closes upstream while that says nothing", (platform) => {
  describe.each(clients)("$how", ({ client }) => {
    test.each(["stream", "text$", "mapped$"])("in the middle of an answer (%s)", async (path) => {
      const { url, openrouter } = await applicationOn(platform);
      openrouter.reply("one two three four five six seven");
      openrouter.fault("stall", { after: 3 });
      const { firstBytes, leave } = client(`${url}/${path}`, { prompt: "hi" });
      await firstBytes;
      leave();
      const request = await (await openrouter.waitFor(({ path: asked }) => asked === "/chat/completions")).closed;
      expect(request).toMatchObject({ state: "closed-by-client", events: 3 });
    });

    test("while waiting for the first token", async () => {
      const { url, openrouter } = await applicationOn(platform);
      openrouter.fault("stall-before-headers");
      const { leave } = client(`${url}/stream`, { prompt: "hi" });
      const { closed } = await openrouter.nextRequest();
      leave();
      expect(await closed).toMatchObject({ state: "closed-by-client", events: 0 });
    });

    test("before the handler has returned, in a service that knows of no request", async () => {
      const { url, openrouter } = await applicationOn(platform);
      openrouter.fault("stall-before-headers");
      const { leave } = client(`${url}/moderated`, { prompt: "hi" });
      const { closed } = await openrouter.nextRequest();
      leave();
      expect(await closed).toMatchObject({ state: "closed-by-client", events: 0 });
      expect(openrouter.requests).toHaveLength(1);
    });

    test("S16 in a step of a deck", async () => {
      const { url, openrouter } = await applicationOn(platform);
      openrouter.fault("stall-before-headers", { when: ({ prompt }) => prompt.startsWith("slides") });
      const { leave } = client(`${url}/deck`, { prompt: "tea" });
      const { closed } = await openrouter.waitFor(({ prompt }) => prompt.startsWith("slides"));
      leave();
      expect(await closed).toMatchObject({ state: "closed-by-client", events: 0 });
    });

    test("without the request context, too, once it is streaming", async () => {
      const { url, openrouter } = await applicationOn(platform, false);
      openrouter.reply("one two three four five six seven");
      openrouter.fault("stall", { after: 3 });
      const { firstBytes, leave } = client(`${url}/text$`, { prompt: "hi" });
      await firstBytes;
      leave();
      expect(await openrouter.requests[0]?.closed).toMatchObject({ state: "closed-by-client", events: 3 });
    });
  });
});
