import { Body, type CallHandler, Controller, Post, UseInterceptors } from "@nestjs/common";
import { startSimulator } from "@signalbox/testing";
import { map, tap } from "rxjs";
import { afterAll, describe, expect, onTestFinished, test } from "vitest";
import { ChatStream, InjectLLM, LLMModule, type LLMService } from "../src/index.js";
import { type Platform, platforms, start } from "./application.js";
import { killedClient } from "./leaving-clients.js";
import { loadedNest } from "./loaded-version.js";

/** What applications have around their handlers: one that looks, one that wraps. */
const looking = { intercept: (_context: unknown, next: CallHandler) => next.handle().pipe(tap(() => {})) };
const wrapping = {
  intercept: async (_context: unknown, next: CallHandler) => next.handle().pipe(map((data) => ({ data }))),
};

@Controller("without")
class PlainController {
  constructor(@InjectLLM() protected readonly llm: LLMService) {}

  @Post("returned")
  @ChatStream()
  returned(@Body("prompt") prompt: string) {
    return this.llm.events$({ prompt });
  }

  @Post("awaiting")
  @ChatStream()
  async awaiting(@Body("prompt") prompt: string) {
    const { text } = await this.llm.generate({ prompt });
    return this.llm.events$({ prompt: text });
  }

  @Post("json")
  async json(@Body("prompt") prompt: string) {
    return { text: (await this.llm.generate({ prompt })).text };
  }
}

@UseInterceptors(looking, wrapping)
@Controller("with")
class InterceptedController extends PlainController {}

async function applicationOn(platform: Platform) {
  const openrouter = await startSimulator();
  onTestFinished(() => openrouter.close());
  const { baseURL } = openrouter;
  const { url } = await start(platform, {
    imports: [LLMModule.forRoot({ apiKey: "sk-or-test", baseURL, model: "openai/gpt-4o-mini", env: false })],
    controllers: [PlainController, InterceptedController],
  });
  return { url, openrouter };
}

const cells: string[] = [];
afterAll(() => console.info(cells.join("\n")));

const moments = [
  { when: "before the handler returns", path: "awaiting", events: 0 },
  { when: "before a handler without @ChatStream() returns", path: "json", events: 0 },
  { when: "while the first token is awaited", path: "returned", events: 0 },
  { when: "in the middle of the stream", path: "returned", events: 3 },
];

describe.each(platforms.map((platform) => ({ platform, loaded: loadedNest(platform) })))(
  "F35 $loaded",
  ({ platform, loaded }) => {
    describe.each(["without", "with"])("%s interceptors", (interceptors) => {
      test.each(moments)("a client that leaves $when closes upstream", async ({ when, path, events }) => {
        const { url, openrouter } = await applicationOn(platform);
        openrouter.reply("one two three four five six seven");
        if (events > 0) openrouter.fault("stall", { after: events });
        else openrouter.fault("stall-before-headers");
        const asked = openrouter.nextRequest();
        const { firstBytes, leave } = killedClient(`${url}/${interceptors}/${path}`, { prompt: "hi" });
        const request = await asked;
        if (events > 0) await firstBytes;
        expect(request.state).toBe("open");
        leave();
        expect(await request.closed).toMatchObject({ state: "closed-by-client", events });
        expect(openrouter.requests).toHaveLength(1);
        cells.push(`${loaded}, ${interceptors} interceptors, ${when}: upstream closed`);
      });
    });
  },
);
