import { AuthenticationError, LLMClient, type StreamEvent, ToolError } from "@signalbox/core";
import { scriptedProvider } from "@signalbox/core/testing";
import { concat, from, lastValueFrom, of, throwError, toArray } from "rxjs";
import { TestScheduler } from "rxjs/testing";
import { describe, expect, test } from "vitest";
import { LLMService } from "../llm.service.js";
import { publicEvents } from "./public-events.js";
import { toMessageEvents } from "./to-message-events.js";

const llm = new LLMService(new LLMClient({ provider: scriptedProvider(["one two"]), env: false }));

describe("toMessageEvents()", () => {
  test("one message a value, [DONE] last", async () => {
    const messages = await lastValueFrom(llm.text$({ prompt: "hi" }).pipe(toMessageEvents(), toArray()));
    expect(
      messages
        .slice(0, -1)
        .map(({ data }) => data)
        .join(""),
    ).toBe("one two");
    expect(messages.at(-1)).toEqual({ data: "[DONE]" });
  });

  test("a step event carries its seq as id", async () => {
    const event = { runId: "r", seq: 7, step: "outline" };
    const [message] = await lastValueFrom(of(event, null).pipe(toMessageEvents(), toArray()));
    expect(message).toEqual({ id: "7", data: event });
  });

  test("a failure is a message in its time, publicly worded, and then the end", () => {
    const failure = new AuthenticationError("authentication", "invalid API key sk-or-123");
    new TestScheduler((actual, expected) => expect(actual).toEqual(expected)).run(({ cold, expectObservable }) => {
      const source = cold("a 9ms #", undefined, failure);
      expectObservable(source.pipe(toMessageEvents())).toBe("a 9ms (ed|)", {
        a: { data: "a" },
        e: {
          type: "error",
          data: {
            type: "error",
            error: { code: "authentication", message: expect.not.stringContaining("sk-"), retryable: false },
          },
        },
        d: { data: "[DONE]" },
      });
    });
  });
});

describe("publicEvents()", () => {
  test("leaves out what is the server's business", async () => {
    const events = await lastValueFrom(llm.events$({ prompt: "hi" }).pipe(publicEvents(), toArray()));
    const finish = events.at(-1) as Extract<StreamEvent, { type: "finish" }>;
    expect(finish.result.text).toBe("one two");
    expect(Object.keys(finish.result)).not.toContain("raw");
    expect(Object.keys(finish.result)).not.toContain("attempts");
    expect(JSON.stringify(events)).not.toContain('"raw":');
  });

  test("keep-alives go, tools that failed lose their words, everything else passes in order", async () => {
    const failed = { type: "tool-result", step: 0, id: "c", name: "t", result: { error: "password" }, isError: true };
    const fine = { type: "tool-result", step: 0, id: "d", name: "t", result: 1 };
    const told = await lastValueFrom(
      from([{ type: "keep-alive" }, failed, fine, "text", null]).pipe(publicEvents(), toArray()),
    );
    expect(told).toEqual([
      { ...failed, result: { error: expect.not.stringContaining("password") } },
      fine,
      "text",
      null,
    ]);
  });

  test("objects of other people pass, whatever their type is called", async () => {
    const items = [{ type: "finish" }, { type: "finish", result: "won" }, { type: "keep-alive", until: "Monday" }];
    expect(await lastValueFrom(from(items).pipe(publicEvents(), toArray()))).toEqual(items);
  });

  test("failures pass", async () => {
    const failure = new ToolError("tool", "x");
    const source = concat(
      of(1),
      throwError(() => failure),
    ).pipe(publicEvents(), toArray());
    await expect(lastValueFrom(source)).rejects.toBe(failure);
  });
});
