import { describe, expect, test } from "vitest";
import { z } from "zod";
import { deckClient as client, deck, refused } from "../../test/deck-client.js";
import { rejection } from "../../test/rejection.js";
import type { ScriptedReplySource } from "../testing/index.js";
import { tool } from "../tools/tool.js";

describe("S18 tools on the way to an object", () => {
  const search = tool({ name: "search", parameters: z.object({ q: z.string() }), execute: ({ q }) => `about ${q}` });
  const found = { toolCalls: [{ name: "search", arguments: { q: "sun" }, id: "c1" }] };

  test("the caller's tools run first, by any rung", async () => {
    for (const strategy of ["json_schema", "tool"] as const) {
      const last: ScriptedReplySource =
        strategy === "tool" ? { toolCalls: [{ name: "answer", arguments: deck, id: "c2" }] } : { object: deck };
      const { ask, requests } = client([found, last]);
      const result = await ask({ strategy, tools: [search] });
      expect(result).toMatchObject({
        object: deck,
        finishReason: "stop",
        toolCalls: [],
        message: { role: "assistant", content: JSON.stringify(deck) },
      });
      expect(result.newMessages.map(({ role }) => role)).toEqual(["assistant", "tool", "assistant"]);
      expect(requests[1]?.messages.at(-1)).toMatchObject({ role: "tool", content: "about sun" });
    }
  });

  test("a tool that ran is not run again for a re-ask or on the next rung", async () => {
    let runs = 0;
    const counted = tool({ name: "search", parameters: z.object({ q: z.string() }), execute: () => ++runs });
    const { ask, requests } = client([
      found,
      "no object",
      found,
      refused("response_format is not supported"),
      { object: deck },
    ]);
    expect((await ask({ tools: [counted] })).object).toEqual(deck);
    expect(runs).toBe(2);
    expect(requests.at(-1)?.messages.filter(({ role }) => role === "tool")).toHaveLength(2);
  });

  test("the answer's call beside another: that one keeps its answer", async () => {
    const { ask } = client([{ toolCalls: [...found.toolCalls, { name: "answer", arguments: deck }] }]);
    const result = await ask({ strategy: "tool", tools: [search] });
    expect(result).toMatchObject({ object: deck, toolCalls: [], finishReason: "stop" });
    expect(result.newMessages).toMatchObject([
      { role: "assistant", tool_calls: [{ function: { name: "search" } }] },
      { role: "tool", tool_call_id: "c1" },
      { role: "assistant", content: JSON.stringify(deck) },
    ]);
    expect(result.newMessages.at(-1)).toBe(result.message);
  });

  test("a call that nobody answers is told, with what is needed to go on", async () => {
    const open = tool({ name: "ask_user", parameters: z.object({}) });
    const { ask, requests } = client([{ toolCalls: [{ name: "ask_user", arguments: {}, id: "c1" }] }]);
    const error = await rejection(ask({ tools: [open] }));
    expect(error).toMatchObject({
      code: "structured_output",
      detail: expect.stringMatching(/ask_user/),
      partial: { toolCalls: [{ id: "c1" }], newMessages: [{ role: "assistant" }] },
    });
    expect(requests).toHaveLength(1);
  });

  test("the answer's tool takes another name where the caller's has it", async () => {
    const own = tool({ name: "answer", parameters: z.object({}), execute: () => "ok" });
    const { ask, requests } = client([{ toolCalls: [{ name: "answer_2", arguments: deck }] }]);
    expect((await ask({ strategy: "tool", tools: [own] })).object).toEqual(deck);
    expect(requests[0]?.tools).toMatchObject([{ function: { name: "answer" } }, { function: { name: "answer_2" } }]);
  });

  test("a model that answers the forced tool in words is read all the same; of several calls the valid one counts", async () => {
    expect((await client([JSON.stringify(deck)]).ask({ strategy: "tool" })).object).toEqual(deck);
    const several = {
      toolCalls: [
        { name: "answer", arguments: {} },
        { name: "answer", arguments: deck },
      ],
    };
    expect(await client([several]).ask({ strategy: "tool" })).toMatchObject({
      object: deck,
      text: JSON.stringify(deck),
      toolCalls: [],
    });
    const doubled = { toolCalls: [{ name: "answer", arguments: `{}${JSON.stringify(deck)}` }] };
    expect((await client([doubled]).ask({ strategy: "tool" })).object).toEqual(deck);
  });

  test("wrong arguments are asked for again without leaving a call behind", async () => {
    const { ask, requests } = client([
      { toolCalls: [{ name: "answer", arguments: { title: "x" } }] },
      { object: deck },
    ]);
    const result = await ask({ strategy: "tool" });
    expect(result.object).toEqual(deck);
    expect(requests[1]?.messages.slice(1)).toEqual([
      { role: "assistant", content: '{"title":"x"}' },
      { role: "user", content: expect.stringMatching(/pages/) },
    ]);
    expect(requests[1]?.tool_choice).toEqual({ type: "function", function: { name: "answer" } });
    expect(JSON.stringify(result.newMessages)).not.toContain("tool_calls");
  });
});

test("an approved call is run once and answered before the model is asked, by any rung", async () => {
  let runs = 0;
  const pay = tool({ name: "pay", parameters: z.object({}), needsApproval: true, execute: () => ++runs });
  const { ask, requests } = client([
    { toolCalls: [{ name: "pay", arguments: {}, id: "c1" }] },
    refused("response_format is not supported"),
    { object: deck },
  ]);
  const waiting = await rejection(ask({ tools: [pay], strategy: "json_object" }));
  const messages = [{ role: "user", content: "Pay" } as const, ...(waiting.partial?.newMessages ?? [])];
  const result = await ask({
    prompt: undefined,
    messages,
    approvals: { c1: true },
    tools: [pay],
    strategy: "json_object",
  });
  expect(result.object).toEqual(deck);
  expect(runs).toBe(1);
  expect(requests.at(-1)?.messages).toMatchObject([
    { role: "user", content: expect.stringMatching(/^Pay\n\nAnswer with one JSON object/) },
    { role: "assistant" },
    { role: "tool", tool_call_id: "c1", content: "1" },
  ]);
});
