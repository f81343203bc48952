import { Controller } from "@nestjs/common";
import { scriptedProvider } from "@signalbox/core/testing";
import { describe, expect, test } from "vitest";
import { ChatController, LLMModule } from "../src/index.js";
import { platforms, start } from "./application.js";
import { applicationOn, runOf, textOf } from "./chat-application.js";
import type { UserRequest } from "./header-guard.js";
import { post } from "./http.js";

describe.each(platforms)("on %s, a controller of chats", (platform) => {
  test("keeps strangers from starting (403) and from the runs of others (404)", async () => {
    const owners = new Map<string, string>();
    const { base } = await applicationOn(platform, scriptedProvider(["Hello"]), {
      authorize: ({ user }: UserRequest, runId) =>
        runId === undefined ? user?.id !== "nobody" : owners.get(runId) === user?.id,
    });
    expect((await post(base, { prompt: "Hi" })).status).toBe(403);
    const answer = await post(`${base}?follow=0`, { prompt: "Hi" }, { "x-user": "ann" });
    owners.set(runOf(answer), "ann");
    const run = `${base}/${runOf(answer)}`;
    for (const method of ["GET", "HEAD", "DELETE"]) {
      expect((await fetch(run, { method, headers: { "x-user": "eve" } })).status).toBe(404);
    }
    expect(textOf(await (await fetch(run, { headers: { "x-user": "ann" } })).text())).toBe("Hello");
  });

  test.each([undefined, null, "", 1])("lets nobody in of whom `authorize` says %j", async (said) => {
    const { base } = await applicationOn(platform, scriptedProvider(["Hello"]), { authorize: () => said as never });
    expect((await post(base, { prompt: "Hi" })).status).toBe(403);
  });

  test("keeps a run to its owner", async () => {
    const owner = ({ user }: UserRequest) => (user?.id === "nobody" ? undefined : user?.id);
    const { base } = await applicationOn(platform, scriptedProvider(["Hello"]), { owner });
    expect((await post(base, { prompt: "Hi" })).status).toBe(403);
    const answer = await post(`${base}?follow=0`, { prompt: "Hi" }, { "x-user": "ann" });
    const run = `${base}/${runOf(answer)}`;
    for (const method of ["GET", "HEAD", "DELETE"]) {
      for (const user of ["eve", "nobody"]) {
        expect((await fetch(run, { method, headers: { "x-user": user } })).status).toBe(404);
      }
    }
    expect(textOf(await (await fetch(run, { headers: { "x-user": "ann" } })).text())).toBe("Hello");
  });

  test.each([true, false])("adds what `authorize` says to the policy of the request (context: %j)", async (context) => {
    const provider = scriptedProvider(["Hello"]);

    @Controller()
    class Chat extends ChatController({ authorize: () => ({ policy: { dataCollection: "deny" } }) }) {}

    const scope = () => ({ policy: { zdr: true } });
    const { url } = await start(platform, {
      imports: [LLMModule.forRoot({ env: false, retry: false, provider, context, scope })],
      controllers: [Chat],
    });
    expect((await post(url, { prompt: "Hi" })).status).toBe(200);
    expect(provider.requests[0]).toMatchObject({ provider: { zdr: true, data_collection: "deny" } });
  });
});
