import { context } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { afterAll, beforeAll } from "vitest";
import type { ManualClock } from "./manual-clock.js";
import { turnOfTheLoop } from "./scripted-client.js";
import { recordTelemetry } from "./telemetry-recorder.js";
import { type Answer, completion, json, upstream } from "./upstream.js";

/** Has the tests of a file run where OpenTelemetry knows which span is active. */
export function withActiveSpans(): void {
  beforeAll(() => context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable()));
  afterAll(() => context.disable());
}

export const MODEL = "openai/gpt-4o";
export const finish = {
  id: "gen-1",
  model: "openai/gpt-4o-2024",
  choices: [{ index: 0, delta: {}, finish_reason: "stop" }],
  usage: completion.usage,
};

/** Waits for `work` while all waits pass that it makes: what a broken stream cost is asked for in the background. */
export async function letPass(work: Promise<unknown>, clock: ManualClock): Promise<void> {
  let over = false;
  void work.then(() => {
    over = true;
  });
  while (!over) {
    clock.advance(1_000);
    await turnOfTheLoop();
  }
}

export async function traced(
  answer: Answer,
  options: Parameters<typeof upstream>[1] & { recordContent?: boolean } = {},
) {
  const { recordContent, ...more } = options;
  const recorder = recordTelemetry();
  const client = await upstream(answer, { telemetry: { ...recorder.telemetry, recordContent }, ...more });
  const { hostname, port } = new URL(client.baseURL);
  const whom = { "gen_ai.provider.name": "openrouter", "server.address": hostname, "server.port": Number(port) };
  return {
    ...client,
    ...recorder,
    named: { "gen_ai.operation.name": "chat", "gen_ai.request.model": MODEL, ...whom },
    whom,
  };
}

export const whole: Answer = (_seen, response) =>
  json(response, 200, { ...completion, model: "openai/gpt-4o-2024", provider: "OpenAI" });
