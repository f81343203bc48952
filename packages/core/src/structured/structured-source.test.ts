import { describe, expect, test } from "vitest";
import { batchesOf } from "../../test/batches-of.js";
import { growingDeck as client, deck, refused } from "../../test/growing-deck.js";
import { rejection } from "../../test/rejection.js";
import { createError } from "../errors/error-classes.js";
import type { StructuredRequest } from "../generate/structured-types.js";

describe("rungs and re-asks", () => {
  test("a refused rung gives way before anything was shown; one start, one finish", async () => {
    const { ask, requests } = client([
      refused("response_format is not supported"),
      refused("response_format is not supported"),
      { object: deck },
    ]);
    const stream = ask();
    const events = await batchesOf(stream.events);
    expect(requests).toHaveLength(3);
    expect(requests[0]).not.toHaveProperty("plugins");
    expect(events.map(({ type }) => type).filter((type) => type !== "text-delta")).toEqual([
      "warning",
      "warning",
      "start",
      "step-start",
      "step-finish",
      "finish",
    ]);
    expect(events.find((event) => event.type === "step-start")).toMatchObject({ step: 0 });
    expect(await stream.result).toMatchObject({
      object: deck,
      steps: [{ finishReason: "stop" }],
      strategy: "tool",
      attempts: [{ number: 1 }, { number: 2 }, { number: 3 }],
    });
  });

  test("no partial yet: the model is asked again, and the steps count on", async () => {
    const { ask, requests } = client(["# No JSON here", { object: deck }]);
    const stream = ask();
    const events = await batchesOf(stream.events);
    expect(requests).toHaveLength(2);
    expect(events.filter((event) => event.type === "step-start")).toMatchObject([{ step: 0 }, { step: 1 }]);
    expect(events.filter((event) => event.type === "start")).toHaveLength(1);
    expect(events.at(-1)).toMatchObject({ type: "finish", result: { object: deck, steps: [{}, {}] } });
    expect((await stream.result).warnings.map(({ code }) => code)).toEqual(["structured_reask"]);
  });

  test("after a partial nothing is asked again: the error has the issues and the cost", async () => {
    const { ask, requests } = client([
      { object: { title: "Solar" }, usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2, cost: 0.5 } },
    ]);
    const stream = ask({ reasks: 5 });
    const seen: unknown[] = [];
    const error = await rejection(
      (async () => {
        for await (const partial of stream) seen.push(partial);
      })(),
    );
    expect(seen.at(-1)).toEqual({ title: "Solar" });
    expect(error).toMatchObject({
      code: "structured_output",
      detail: expect.stringMatching(/pages/),
      partial: { text: '{"title":"Solar"}', cost: { usd: 0.5 } },
    });
    expect(await rejection(stream.result)).toBe(error);
    expect(requests).toHaveLength(1);
  });

  test("a failure in the middle is that failure, with what had come", async () => {
    const { ask, requests } = client([
      {
        text: '{"title":"Sol',
        error: createError("provider_error", "response_format is not supported any more", {
          upstream: { status: 500 },
        }),
      },
    ]);
    const stream = ask();
    const error = await rejection(batchesOf(stream));
    expect(error).toMatchObject({
      code: "provider_error",
      retryable: false,
      partial: { text: '{"title":"Sol', steps: [{ text: '{"title":"Sol', finishReason: "error" }] },
    });
    expect(requests).toHaveLength(1);
  });

  test("an answer cut at the token limit says so after its partials", async () => {
    const stream = client([{ text: '{"title":"Sol', finishReason: "length" }]).ask();
    expect(await rejection(batchesOf(stream))).toMatchObject({
      code: "structured_output",
      detail: expect.stringMatching(/token limit/),
      partial: { finishReason: "length" },
    });
  });

  test("a wrong request comes out of the readers, not of the call", async () => {
    const { llm, requests } = client(["x"]);
    const wrong = llm.streamStructured({ prompt: "x", schema: undefined } as unknown as StructuredRequest);
    expect(await rejection(batchesOf(wrong))).toMatchObject({
      code: "invalid_request",
      detail: expect.stringMatching(/schema/),
    });
    const none = llm.streamStructured(undefined as unknown as StructuredRequest);
    expect(await rejection(none.result)).toMatchObject({ code: "invalid_request" });
    expect(requests).toEqual([]);
  });
});
