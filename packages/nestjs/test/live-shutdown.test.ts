import { Controller, Post } from "@nestjs/common";
import { describe, expect, test } from "vitest";
import { ChatStream, InjectLLM, LLMModule, type LLMService } from "../src/index.js";
import { platforms, start } from "./application.js";
import { heldProvider } from "./held-provider.js";
import { post } from "./http.js";

@Controller()
class ChatController {
  constructor(@InjectLLM() private readonly llm: LLMService) {}

  @Post("chat")
  @ChatStream({ format: "text" })
  chat() {
    return this.llm.text$({ prompt: "hi" });
  }
}

/** More turns of the event loop than a server needs to close. */
async function manyTurns(): Promise<void> {
  for (let turn = 0; turn < 100; turn++) await new Promise(setImmediate);
}

describe.each(platforms)("on %s", (platform) => {
  test.each([true, false])(
    "a live stream ends whole before the server closes (forceCloseConnections: %s)",
    async (forceCloseConnections) => {
      const provider = heldProvider();
      const metadata = {
        imports: [LLMModule.forRoot({ provider, env: false, shutdownGraceMs: 60_000 })],
        controllers: [ChatController],
      };
      const { app, url } = await start(platform, metadata, { forceCloseConnections });
      const asking = post(`${url}/chat`, {}, { connection: "close" });
      await provider.calls(1);
      provider.say("one ");
      const answer = (await asking).text();
      const closing = app.close();
      await manyTurns();
      provider.say("two");
      provider.finish();
      expect(await answer).toBe("one two");
      await closing;
      await expect(fetch(`${url}/chat`)).rejects.toThrow("fetch failed");
    },
  );
});
