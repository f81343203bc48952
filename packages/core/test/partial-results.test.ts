import type { ServerResponse } from "node:http";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { tool } from "../src/index.js";
import { rejection } from "./rejection.js";
import { scriptedClient } from "./scripted-client.js";
import { completion, events, json, textChunk, upstream } from "./upstream.js";

const idOf = ({ id }: { id: string }) => id;
test("max_steps: partial holds the calls that nobody answered", async () => {
  const add = tool({ name: "add", parameters: z.object({}), execute: () => 1 });
  const { llm } = scriptedClient([{ toolCalls: [{ name: "add", arguments: {}, id: "c1" }] }]);
  const error = await rejection(llm.generate({ prompt: "x", tools: [add], maxSteps: 1 }));
  expect([error.code, error.partial?.toolCalls?.map(idOf)]).toEqual(["max_steps", ["c1"]]);
});

test("a cut stream: partial names a call that came without an id alike in its message and its calls", async () => {
  const { llm } = await upstream(
    (_seen, response) => {
      events(response, {
        choices: [{ delta: { tool_calls: [{ index: 0, function: { name: "f", arguments: "{}" } }] } }],
      });
      response.end();
    },
    { retry: false },
  );
  const error = await rejection(llm.stream({ prompt: "x", model: "a/b" }).result);
  const ids = error.partial?.toolCalls?.map(idOf);
  expect([error.code, ids?.length]).toEqual(["stream_truncated", 1]);
  expect(error.partial?.message?.tool_calls?.map(idOf)).toEqual(ids);
});

describe("F14 a stream that comes in place of a whole answer and breaks off", () => {
  const opening = [textChunk("one "), { ...textChunk("two"), model: "a/b-2026", provider: "Acme" }];
  const ends: [string, (response: ServerResponse) => unknown][] = [
    ["ends", (response) => response.end()],
    ["ends within an event", (response) => response.end('data: {"choices":[{"delta":{"conte')],
    // Written out first: what is still on its way when a socket is destroyed is lost.
    ["is reset", (response) => response.write(": on\n\n", () => setImmediate(() => response.destroy()))],
  ];

  test.each(ends)("where it %s: what had come is on partial", async (_how, end) => {
    const { llm } = await upstream(
      (_seen, response) => {
        events(response, ...opening);
        return end(response);
      },
      { retry: false },
    );
    const error = await rejection(llm.generate({ prompt: "x", model: "a/b" }));
    expect([error.code, error.servedBy, error.generationId]).toEqual(["stream_truncated", "Acme", "gen-1"]);
    expect(error.partial).toMatchObject({ text: "one two", model: "a/b-2026", steps: [{ finishReason: "error" }] });
  });

  test.each(ends)("where it %s: nothing was handed out, so it is asked for again", async (_how, end) => {
    const { llm, clock } = await upstream((_seen, response, count) => {
      if (count === 2) return json(response, 200, completion);
      events(response, ...opening);
      return end(response);
    });
    const asking = llm.generate({ prompt: "x", model: "a/b" });
    await clock.waiting(250);
    clock.advance(250);
    const { text, attempts } = await asking;
    expect([text, attempts.map(({ code }) => code)]).toEqual(["hi", ["stream_truncated", undefined]]);
  });

  test("behind its finish word nothing is missing", async () => {
    const { llm } = await upstream((_seen, response) => {
      events(response, ...opening, { choices: [{ index: 0, delta: {}, finish_reason: "stop" }] });
      return response.write(": on\n\n", () => setImmediate(() => response.destroy()));
    });
    expect(await llm.generate({ prompt: "x", model: "a/b" })).toMatchObject({ text: "one two", finishReason: "stop" });
  });
});

test("a whole answer whose only choice stands at another index is that choice", async () => {
  const { llm } = await upstream((_seen, response) =>
    json(response, 200, { ...completion, choices: [{ ...completion.choices[0], index: 1 }] }),
  );
  const { text, finishReason, attempts } = await llm.generate({ prompt: "x", model: "a/b" });
  expect([text, finishReason, attempts.length]).toEqual(["hi", "stop", 1]);
});
