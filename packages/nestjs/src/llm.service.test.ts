import { definePipeline, LLMClient, LLMError, memoryRunStore, type StepEvent, step } from "@signalbox/core";
import { scriptedProvider } from "@signalbox/core/testing";
import { firstValueFrom, lastValueFrom, take, toArray } from "rxjs";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { heldProvider } from "../test/held-provider.js";
import { LLMService } from "./index.js";

function serviceOver(...replies: Parameters<typeof scriptedProvider>[0] & readonly unknown[]) {
  const provider = scriptedProvider(replies as never);
  const llm = new LLMService(new LLMClient({ provider, env: false, retry: false }));
  return { provider, llm };
}

const Slide = z.object({ title: z.string(), bullets: z.array(z.string()) });

describe("Promises", () => {
  test("S30 generate gives the result", async () => {
    const { llm } = serviceOver("hello");
    expect((await llm.generate({ prompt: "hi" })).text).toBe("hello");
  });

  test("S32 generateStructured gives an object of the schema's type", async () => {
    const { llm } = serviceOver({ object: { title: "T", bullets: ["a"] } });
    const { object } = await llm.generateStructured({ prompt: "hi", schema: Slide });
    const title: string = object.title;
    expect([title, object.bullets]).toEqual(["T", ["a"]]);
  });
});

describe("Observables", () => {
  test("S31 text$ gives the pieces of the text", async () => {
    const { llm } = serviceOver("one two three");
    const pieces: string[] = await lastValueFrom(llm.text$({ prompt: "hi" }).pipe(toArray()));
    expect(pieces.join("")).toBe("one two three");
    expect(pieces.length).toBeGreaterThan(1);
  });

  test("events$ ends with finish and the result", async () => {
    const { llm } = serviceOver("one two");
    const events = await lastValueFrom(llm.events$({ prompt: "hi" }).pipe(toArray()));
    expect(events[0]?.type).toBe("start");
    expect(events.at(-1)).toMatchObject({ type: "finish", result: { text: "one two" } });
  });

  test("S32 partials$ grows to the whole object", async () => {
    const { llm } = serviceOver({ object: { title: "A title", bullets: ["a", "b"] } });
    const partials = await lastValueFrom(llm.partials$({ prompt: "hi", schema: Slide }).pipe(toArray()));
    const title: string | undefined = partials[0]?.title;
    expect(partials.length).toBeGreaterThan(1);
    expect(title === undefined || "A title".startsWith(title)).toBe(true);
    expect(partials.at(-1)).toEqual({ title: "A title", bullets: ["a", "b"] });
  });

  test("partials$ fails when the whole does not fit the schema", async () => {
    const { llm } = serviceOver({ object: { title: 7 } });
    const failure = lastValueFrom(llm.partials$({ prompt: "hi", schema: Slide }));
    await expect(failure).rejects.toMatchObject({ code: "structured_output" });
  });

  test("S16 steps$ gives the events of a run", async () => {
    const { llm } = serviceOver("an outline", "a slide");
    const deck = definePipeline<{ topic: string }>("deck", [
      step("outline", async ({ input, llm: model }) => (await model.generate({ prompt: input.topic })).text),
      step("content", async ({ results, llm: model }) => (await model.generate({ prompt: `${results.outline}` })).text),
    ]);
    const events: StepEvent[] = await lastValueFrom(llm.steps$(deck, { topic: "tea" }).pipe(toArray()));
    const completed = events.filter(({ status }) => status === "completed");
    expect(completed.map(({ step: name, data }) => [name, data])).toEqual([
      ["outline", "an outline"],
      ["content", "a slide"],
    ]);
    expect(completed.at(-1)?.progress).toBe(100);
  });

  test("steps$ resumes from its store without asking again", async () => {
    const { llm, provider } = serviceOver("an outline", new Error("down"), "a slide");
    const deck = definePipeline<string>("deck", [
      step("outline", async ({ input, llm: model }) => (await model.generate({ prompt: input })).text),
      step("content", async ({ llm: model }) => (await model.generate({ prompt: "slide" })).text),
    ]);
    const store = memoryRunStore();
    const first = await lastValueFrom(llm.steps$(deck, "tea", { store, runId: "run-1" }).pipe(toArray()));
    expect(first.at(-1)).toMatchObject({ step: "content", status: "error" });
    const second = await lastValueFrom(llm.steps$(deck, undefined, { store, resumeFrom: "run-1" }).pipe(toArray()));
    expect(second.at(-1)).toMatchObject({ step: "content", status: "completed", data: "a slide" });
    expect(provider.requests).toHaveLength(3);
  });

  test("they are cold: one subscription is one call", async () => {
    const { llm, provider } = serviceOver("first", "second");
    const text$ = llm.text$({ prompt: "hi" });
    await Promise.resolve();
    expect(provider.requests).toHaveLength(0);
    expect(await lastValueFrom(text$)).toBe("first");
    expect(await lastValueFrom(text$)).toBe("second");
    expect(provider.requests).toHaveLength(2);
  });

  test("failures come through error, as LLMErrors", async () => {
    const { llm } = serviceOver(new Error("the model is down"));
    const failure: unknown = await lastValueFrom(llm.text$({ prompt: "hi" })).catch((error: unknown) => error);
    expect(LLMError.is(failure)).toBe(true);
    const invalid: unknown = await lastValueFrom(llm.text$({})).catch((error: unknown) => error);
    expect(invalid).toMatchObject({ code: "invalid_request" });
  });

  test("unsubscribing aborts before it returns", async () => {
    const provider = heldProvider();
    const llm = new LLMService(new LLMClient({ provider, env: false }));
    const heard: string[] = [];
    const first = Promise.withResolvers<void>();
    const subscription = llm.text$({ prompt: "hi" }).subscribe({
      next: (text) => {
        heard.push(text);
        first.resolve();
      },
      error: (error) => heard.push(`error: ${error}`),
      complete: () => heard.push("complete"),
    });
    await provider.calls(1);
    provider.say("one ");
    await first.promise;
    expect(provider.signals[0]?.aborted).toBe(false);
    subscription.unsubscribe();
    expect(provider.signals[0]?.aborted).toBe(true);
    provider.say("two");
    await new Promise(setImmediate);
    expect(heard).toEqual(["one "]);
  });

  test("leaving early by an operator aborts, too", async () => {
    const provider = heldProvider();
    const llm = new LLMService(new LLMClient({ provider, env: false }));
    const first = firstValueFrom(llm.events$({ prompt: "hi" }).pipe(take(1)));
    await provider.calls(1);
    provider.say("one");
    expect((await first).type).toBe("start");
    expect(provider.signals[0]?.aborted).toBe(true);
  });

  test("unsubscribing from steps$ aborts the step's call", async () => {
    const provider = heldProvider();
    const llm = new LLMService(new LLMClient({ provider, env: false }));
    const deck = definePipeline("deck", [
      step("outline", async ({ llm: model }) => (await model.stream({ prompt: "x" }).result).text),
    ]);
    const subscription = llm.steps$(deck, undefined).subscribe();
    await provider.calls(1);
    subscription.unsubscribe();
    expect(provider.signals[0]?.aborted).toBe(true);
  });
});

test("a service made by hand knows of no tools and no requests", () => {
  const { llm } = serviceOver("x");
  expect(() => llm.tools("add")).toThrow(/made by hand/);
  expect(() => llm.forRequest({})).toThrow(/made by hand/);
});
