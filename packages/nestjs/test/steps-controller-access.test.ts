import { Controller } from "@nestjs/common";
import { scriptedProvider } from "@signalbox/core/testing";
import { startSimulator } from "@signalbox/testing";
import { describe, expect, onTestFinished, test } from "vitest";
import { LLMBudget, LLMModule, StepsController } from "../src/index.js";
import { platforms, start } from "./application.js";
import { applicationOn, deckWith } from "./deck-application.js";
import { events, follow, WHOLE, words } from "./deck-events.js";
import type { UserRequest } from "./header-guard.js";
import { post } from "./http.js";

describe.each(platforms)("S16 on %s, a controller of steps", (platform) => {
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
});
