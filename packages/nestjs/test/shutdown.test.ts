import { AbortedError, type Clock, LLMClient } from "@signalbox/core";
import { scriptedProvider } from "@signalbox/core/testing";
import { describe, expect, test } from "vitest";
import { getLLMToken, LLMModule, type LLMModuleSettings, LLMService } from "../src/index.js";
import { boot } from "./application.js";
import { heldProvider } from "./held-provider.js";

/** A clock on which time passes when the test says so. */
function stillClock() {
  const timers = new Set<{ ms: number; callback: () => void }>();
  const clock: Clock = {
    now: () => 0,
    date: () => 0,
    random: () => 0.5,
    after(ms, callback) {
      const timer = { ms, callback };
      timers.add(timer);
      return { clear: () => void timers.delete(timer) };
    },
  };
  const expire = (ms: number) => {
    const due = [...timers].filter((timer) => timer.ms === ms);
    for (const timer of due) timer.callback();
    return due.length;
  };
  return { clock, expire };
}

async function streaming(settings: LLMModuleSettings = {}) {
  const provider = heldProvider();
  const { clock, expire } = stillClock();
  const imports = [
    LLMModule.forRoot({ provider, clock, env: false, timeouts: { idleMs: 0 }, ...settings }),
    LLMModule.forFeature([{ name: "child" }]),
  ];
  const module = await boot({ imports });
  const llm = module.get(LLMService);
  const result = llm.client.stream({ prompt: "hi" }).result;
  result.catch(() => {});
  await provider.calls(1);
  return { module, llm, provider, result, expire };
}

describe("an application that shuts down", () => {
  test("lets no new call in, and waits for those under way", async () => {
    const { module, llm, provider, result } = await streaming();
    const closing = module.close();
    await new Promise(setImmediate);
    await expect(llm.generate({ prompt: "too late" })).rejects.toMatchObject({ code: "aborted" });
    await expect(module.get<LLMService>(getLLMToken("child")).generate({ prompt: "too late" })).rejects.toMatchObject({
      code: "aborted",
    });
    provider.say("in time");
    provider.finish();
    await closing;
    expect((await result).text).toBe("in time");
  });

  test.each([
    [5_000, {}],
    [100, { shutdownGraceMs: 100 }],
  ])("aborts what is still under way after %i ms", async (graceMs, settings) => {
    const { module, provider, result, expire } = await streaming(settings);
    const closing = module.close();
    await new Promise(setImmediate);
    expect(provider.signals[0]?.aborted).toBe(false);
    expect(expire(graceMs)).toBe(1);
    await closing;
    expect(provider.signals[0]?.aborted).toBe(true);
    const failure: unknown = await result.catch((error: unknown) => error);
    expect(AbortedError.is(failure)).toBe(true);
  });

  test("leaves a client that it was given alone", async () => {
    const client = new LLMClient({ provider: scriptedProvider(["still there"]), env: false });
    const module = await boot({ imports: [LLMModule.forRoot({ client })] });
    await module.close();
    expect((await client.generate({ prompt: "hi" })).text).toBe("still there");
  });
});
