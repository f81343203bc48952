import { AsyncLocalStorage } from "node:async_hooks";
import { expect, test } from "vitest";
import { fetchPart } from "../src/client/fetch-part.js";
import type { LazyPart } from "../src/errors/lazy-part.js";
import { jsonCalls } from "../src/generate/json-calls.js";
import { toolPart } from "../src/generate/tool-part.js";
import { tool } from "../src/index.js";
import { structuredPart } from "../src/structured/structured-part.js";
import { rejection } from "./rejection.js";
import { scriptedClient } from "./scripted-client.js";
import { completion, json, post, upstream } from "./upstream.js";

/** Each test below is the first one in this process that needs its part. */
function expectFirst(part: LazyPart<unknown>): void {
  expect(part.loaded).toBeUndefined();
}

test("a call whose part is still being loaded is under way: close() with a grace waits for it", async () => {
  expectFirst(structuredPart);
  const { llm } = scriptedClient(['{"a":1}', '{"a":2}']);
  const request = { prompt: "x", schema: { type: "object" } as const };
  const works = [llm.generateStructured(request), llm.streamStructured(request).result];
  const closed = llm.close({ graceMs: 1_000 });
  expect((await Promise.all(works)).map(({ object }) => object)).toEqual([{ a: 1 }, { a: 2 }]);
  await closed;
  expect((await rejection(llm.generateStructured(request))).code).toBe("aborted");
});

test("options that change while the tools' part is being loaded do not count, and its tools run where they were asked for", async () => {
  expectFirst(toolPart);
  const call = { toolCalls: [{ name: "where", arguments: "{}" }] };
  const { llm, provider } = scriptedClient([call, call, "done", "done"]);
  const storage = new AsyncLocalStorage<string>();
  const ran: unknown[] = [];
  const where = tool({
    name: "where",
    description: "Says where it runs.",
    parameters: { type: "object" },
    execute: () => ran.push(storage.getStore()),
  });
  const metadata = { tag: "before" };
  const request = { prompt: "x", tools: [where], metadata };
  const works = [
    storage.run("first", () => llm.generate(request)),
    storage.run("second", () => llm.stream(request).result),
  ];
  metadata.tag = "after";
  await Promise.all(works);
  expect(provider.requests.map((body) => body.metadata)).toEqual(Array.from({ length: 4 }, () => ({ tag: "before" })));
  expect(ran.toSorted()).toEqual(["first", "second"]);
});

test("a call that is aborted while its part is being loaded is not sent", async () => {
  expectFirst(jsonCalls);
  const { llm, provider } = scriptedClient(["never asked for"]);
  const controller = new AbortController();
  const work = llm.embed({ input: "x", signal: controller.signal });
  controller.abort();
  expect((await rejection(work)).code).toBe("aborted");
  expect(provider.requests).toEqual([]);
});

test("what llm.fetch was given is what it sends, whatever becomes of it while its part is being loaded", async () => {
  expectFirst(fetchPart);
  const { llm, baseURL, requests } = await upstream((_, response) => json(response, 200, completion));
  const headers: Record<string, string> = { "content-type": "application/json", "x-tag": "before" };
  const init = post({ model: "a/b", messages: [] }, { headers });
  const work = llm.fetch(`${baseURL}/chat/completions`, init);
  headers["x-tag"] = "after";
  init.body = "{}";
  expect((await work).status).toBe(200);
  expect(requests.map(({ headers: sent, body }) => [sent["x-tag"], body.model])).toEqual([["before", "a/b"]]);
});
