import { describe, expect, test } from "vitest";
import { rejection } from "./rejection.js";
import { turnOfTheLoop } from "./scripted-client.js";
import { finish, letPass, MODEL, traced, whole, withActiveSpans } from "./traced-upstream.js";
import { completion, events, json, textChunk } from "./upstream.js";

withActiveSpans();

describe("what is measured", () => {
  test("durations, tokens and cost of an answer", async () => {
    const { llm, clock, measured, named } = await traced((seen, response, count) => {
      clock.advance(1_500);
      return whole(seen, response, count);
    });
    await llm.generate({ model: MODEL, prompt: "x" });
    expect(await measured()).toEqual({
      "gen_ai.client.operation.duration": [
        {
          attributes: { ...named, "gen_ai.response.model": "openai/gpt-4o-2024", "signalbox.outcome": "answered" },
          value: { count: 1, sum: 1.5 },
        },
      ],
      "gen_ai.client.token.usage": [
        { attributes: { ...named, "gen_ai.token.type": "input" }, value: { count: 1, sum: 3 } },
        { attributes: { ...named, "gen_ai.token.type": "output" }, value: { count: 1, sum: 2 } },
      ],
      "signalbox.client.cost": [{ attributes: { ...named, "signalbox.cost.source": "provider" }, value: 0.25 }],
    });
  });

  test("in the buckets that the conventions advise", async () => {
    const { llm, metrics } = await traced(whole);
    await llm.generate({ model: MODEL, prompt: "x" });
    const bounds = Object.fromEntries(
      (await metrics()).flatMap(({ descriptor, dataPoints }) => {
        const value = dataPoints[0]?.value;
        return typeof value === "object" && "buckets" in value ? [[descriptor.name, value.buckets.boundaries]] : [];
      }),
    );
    const seconds = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];
    expect(bounds).toEqual({
      "gen_ai.client.operation.duration": seconds,
      "gen_ai.client.token.usage": [
        1, 4, 16, 64, 256, 1_024, 4_096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216, 67_108_864,
      ],
    });
  });

  test("the time of each chunk behind the first; those of one read share it", async () => {
    const pace = Array.from({ length: 3 }, () => Promise.withResolvers<void>());
    const { llm, clock, measured, named } = await traced(async (_seen, response) => {
      events(response, textChunk("a"));
      await pace[0]?.promise;
      response.write([textChunk("b"), textChunk("c")].map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join(""));
      await pace[1]?.promise;
      events(response, finish, "data: [DONE]\n\n");
      response.end();
    });
    let text = "";
    for await (const piece of llm.stream({ model: MODEL, prompt: "x" })) {
      text += piece;
      if (text === "a") {
        clock.advance(400);
        pace[0]?.resolve();
      }
      if (text === "abc") {
        clock.advance(100);
        pace[1]?.resolve();
      }
    }
    const { "gen_ai.client.operation.time_per_output_chunk": chunks } = await measured();
    expect(chunks).toEqual([{ attributes: named, value: { count: 3, sum: expect.closeTo(0.5, 9) } }]);
  });

  test("the cost that is looked up when the answer is over", async () => {
    const { llm, clock, span, measured } = await traced((seen, response) =>
      seen.path.includes("/generation")
        ? json(response, 200, { data: { id: "gen-1", total_cost: 0.5, tokens_prompt: 3, tokens_completion: 2 } })
        : json(response, 200, { ...completion, usage: undefined }),
    );
    await llm.generate({ model: MODEL, prompt: "x" });
    await letPass(llm.settled(), clock);
    expect(span(`chat ${MODEL}`).attributes["signalbox.cost.usd"]).toBeUndefined();
    const { "signalbox.client.cost": cost } = await measured();
    expect(cost).toEqual([
      { attributes: expect.objectContaining({ "signalbox.cost.source": "generation" }), value: 0.5 },
    ]);
  });

  test("the circuits that are open", async () => {
    const { llm, clock, measured } = await traced(
      (seen, response, count) => (count === 1 ? json(response, 503, { error: {} }) : whole(seen, response, count)),
      { breaker: { failures: 1, halfOpenAfterMs: 1_000 }, retry: false },
    );
    const open = async () => (await measured())["signalbox.client.open_circuits"];
    await rejection(llm.generate({ model: MODEL, prompt: "x" }));
    await turnOfTheLoop();
    const attributes = { "gen_ai.provider.name": "openrouter", "gen_ai.request.model": MODEL };
    expect(await open()).toEqual([{ attributes, value: 1 }]);
    clock.advance(1_000);
    await llm.generate({ model: MODEL, prompt: "x" });
    await turnOfTheLoop();
    expect(await open()).toEqual([{ attributes, value: 0 }]);
  });
});
