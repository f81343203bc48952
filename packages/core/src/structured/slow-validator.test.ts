import { expect, test } from "vitest";
import { rejection } from "../../test/rejection.js";
import { never, scriptedClient } from "../../test/scripted-client.js";
import { LLMError } from "../errors/llm-error.js";
import type { StandardSchemaV1 } from "./standard-schema.js";

/** A validator that asks somebody who never answers. */
function slow() {
  const asked = Promise.withResolvers<void>();
  const schema: StandardSchemaV1 = {
    "~standard": {
      version: 1,
      vendor: "test",
      validate() {
        asked.resolve();
        return new Promise<never>(() => {});
      },
      jsonSchema: { input: () => ({ type: "object" }) },
    },
  };
  return { schema, asked: asked.promise };
}
const reply = { object: { title: "Solar" }, usage: { prompt_tokens: 1, completion_tokens: 1, cost: 0.5 } };
const spent = { partial: { text: '{"title":"Solar"}', cost: { usd: 0.5 }, steps: [{}] } };

test.each(["generateStructured", "streamStructured"] as const)(
  "F31 %s: an abort and the total clock do not wait for a validator",
  async (name) => {
    for (const end of ["abort", "clock", "close"]) {
      const { llm, clock } = scriptedClient([reply]);
      const { schema, asked } = slow();
      const controller = new AbortController();
      const request = { prompt: "A deck", schema, signal: controller.signal, timeouts: { totalMs: 1_000 } };
      const work =
        name === "generateStructured" ? llm.generateStructured(request) : llm.streamStructured(request).result;
      const failure = rejection(work);
      await asked;
      if (end === "abort") controller.abort("enough");
      else if (end === "clock") clock.advance(1_000);
      else await llm.close();
      const error = await failure;
      expect(error).toBeInstanceOf(LLMError);
      expect(error).toMatchObject({ ...spent, code: end === "clock" ? "timeout" : "aborted" });
    }
  },
);

test("F31 a stream that is left does not wait for a validator either", async () => {
  const { llm } = scriptedClient([reply]);
  const { schema, asked } = slow();
  const stream = llm.streamStructured({ prompt: "A deck", schema });
  const failure = rejection(stream.result);
  await asked;
  stream.abort("enough");
  expect(await failure).toMatchObject({ ...spent, code: "aborted", cause: "enough" });
});

test.each(["generateStructured", "streamStructured"] as const)(
  "%s: the total that has passed is the one that was set, whichever request it ends",
  async (name) => {
    const hanging = Promise.withResolvers<void>();
    const { llm, clock } = scriptedClient([
      () => {
        clock.advance(600);
        return "no object";
      },
      () => {
        hanging.resolve();
        return never();
      },
    ]);
    const request = { prompt: "A deck", schema: { type: "object" } as const, timeouts: { totalMs: 1_000 } };
    const failure = rejection(
      name === "generateStructured" ? llm.generateStructured(request) : llm.streamStructured(request).result,
    );
    await hanging.promise;
    clock.advance(400);
    expect(await failure).toMatchObject({
      code: "timeout",
      phase: "total",
      detail: "total timeout: the call took longer than 1000 ms",
      retryable: false,
      attempts: [{}, {}],
    });
  },
);

test("a validator that is cut off by the rest of the total names the whole of it", async () => {
  const { schema, asked } = slow();
  const { llm, clock } = scriptedClient([
    () => {
      clock.advance(600);
      return reply;
    },
  ]);
  const failure = rejection(llm.generateStructured({ prompt: "A deck", schema, timeouts: { totalMs: 1_000 } }));
  await asked;
  clock.advance(400);
  expect(await failure).toMatchObject({ ...spent, detail: "total timeout: the call took longer than 1000 ms" });
});
