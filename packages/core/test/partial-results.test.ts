import { expect, test } from "vitest";
import { z } from "zod";
import { tool } from "../src/index.js";
import { rejection } from "./rejection.js";
import { scriptedClient } from "./scripted-client.js";
import { events, upstream } from "./upstream.js";

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
