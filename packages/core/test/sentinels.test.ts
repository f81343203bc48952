import { describe, expect, test } from "vitest";
import { type LLMClientOptions, LLMError } from "../src/index.js";
import type { ManualClock } from "./manual-clock.js";
import { settle } from "./raw-upstream.js";
import { turnOfTheLoop } from "./scripted-client.js";
import { generate, SENTINEL_RUNS } from "./sentinel-runs.js";
import { SENTINEL, SentinelWatch, sightings } from "./sentinel-watch.js";
import { recordTelemetry } from "./telemetry-recorder.js";
import { completion, json, upstream } from "./upstream.js";

const { key, prompt, header } = SENTINEL;

/** Waits for `work` while all waits pass that it makes: what a broken stream cost is asked for in the background. */
async function letPass(work: Promise<unknown>, clock: ManualClock): Promise<void> {
  let over = false;
  const waited = work.then(() => {
    over = true;
  });
  while (!over) {
    clock.advance(1_000);
    await turnOfTheLoop();
  }
  return waited;
}

const transports = {
  "node:http": {},
  "a given fetch": { fetch: (...given: Parameters<typeof fetch>) => fetch(...given) },
};

test.each<[string, unknown]>([
  ["a text", key],
  ["a name", { [header]: 1 }],
  ["a hidden property", Object.defineProperty({}, "x", { value: prompt })],
  ["a symbol's property", { [Symbol("x")]: { deep: [key] } }],
  ["a map", new Map([["x", new Set([header])]])],
  ["the cause of a cause", new Error("a", { cause: new TypeError("b", { cause: { prompt } }) })],
  ["what JSON shows only", { toJSON: () => key }],
])("the watch sees %s", (_what, value) => {
  expect(sightings(value).length).toBeGreaterThan(0);
});

describe.each(Object.entries(transports))("F86 F88 over %s", (_name, transport) => {
  test.each(Object.entries(SENTINEL_RUNS))("%s tells nobody key, prompt or header", async (_run, run) => {
    const watch = new SentinelWatch();
    const { telemetry, told } = recordTelemetry();
    const { answer = (_seen, response) => json(response, 200, completion), call = generate } = run;
    const options = { apiKey: key, logger: watch.logger, telemetry, ...transport, ...run.options } as LLMClientOptions;
    const { llm, clock, requests } = await upstream(answer, options);
    clock.fixedRandom = 0;
    watch.listen(llm);
    let ended: unknown;
    let failed = false;
    try {
      ended = await settle(call(llm, clock), clock);
    } catch (error) {
      ended = error;
      failed = true;
    }
    await letPass(llm.settled(), clock);
    expect(failed ? LLMError.is(ended) && ended.code : undefined).toBe(run.code);
    expect(sightings(ended)).toEqual([]);
    expect(watch.told.flatMap(sightings)).toEqual([]);
    const traced = await told();
    expect(traced.flatMap(sightings)).toEqual([]);
    const parts = [llm, llm.scope({ apiKey: key, user: "u" }), llm.models, llm.usage, llm.account];
    expect(parts.flatMap(sightings)).toEqual([]);
    // What was sent shows that there was something to hide.
    for (const { headers: sent } of requests) expect(sent.authorization).toBe(`Bearer ${key}`);
  });
});
