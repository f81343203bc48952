import { Controller, Post, UseGuards } from "@nestjs/common";
import { type ChatRun, startChatRun } from "@signalbox/core";
import { describe, expect, test } from "vitest";
import { readUntil } from "../../express/test/read-until.js";
import { ChatStream, InjectLLM, LLMModule, LLMService } from "../src/index.js";
import { platforms, start } from "./application.js";
import { HeaderGuard, type UserRequest } from "./header-guard.js";
import { heldProvider } from "./held-provider.js";
import { post, serverSentEvents } from "./http.js";

describe.each(platforms)("on %s, LLMService.detach()", (platform) => {
  test("starts a run that the client's leaving does not end, charged to its request", async () => {
    const provider = heldProvider();
    const runs: ChatRun[] = [];

    @UseGuards(HeaderGuard)
    @Controller()
    class Detaching {
      constructor(@InjectLLM() private readonly llm: LLMService) {}

      @Post()
      @ChatStream()
      chat() {
        const run = this.llm.detach((client) => startChatRun(client, { prompt: "Hi" }));
        runs.push(run);
        return run.events;
      }
    }

    const scope = (request: UserRequest) => ({ user: request.user?.id });
    const { url, app } = await start(platform, {
      imports: [LLMModule.forRoot({ env: false, retry: false, provider, scope: scope as never })],
      controllers: [Detaching],
    });
    const answer = post(url, {}, { "x-user": "ann" });
    await provider.calls(1);
    provider.say("one ");
    const { text, leave } = await readUntil(await answer, (read) => read.includes("one"));
    await leave();
    provider.say("two");
    provider.finish();
    expect(serverSentEvents(text)[0]?.id).toBe("1");
    expect(await runs[0]?.result).toMatchObject({ text: "one two" });
    const { client } = app.get(LLMService);
    expect(client.usage.byUser().map(({ user }: { user: string }) => user)).toEqual(["ann"]);
  });
});
