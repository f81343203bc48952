import { expect, test } from "vitest";
import type { ModelPrice } from "../models/model-types.js";
import { worstCaseUsd } from "./worst-case-cost.js";

const FREE: ModelPrice = { promptPerMillion: 0, completionPerMillion: 0 };
const fees = (body: Record<string, unknown>, price: Partial<ModelPrice>) => worstCaseUsd(body, { ...FREE, ...price });
const user = (content: unknown) => ({ role: "user", content });
const picture = { type: "image_url", image_url: { url: "a" } };

test("a fee per request is in it once, a fee per picture for each picture", () => {
  const messages = [
    user([picture, { type: "text", text: "a" }, picture]),
    null,
    user("image_url"),
    user([null, picture]),
  ];
  expect(fees({ messages }, { perRequest: 0.5 })).toBe(0.5);
  expect(fees({ messages }, { perImage: 0.01 })).toBe(0.03);
  expect(fees({ messages }, { perRequest: 0.5, perImage: 0.01 })).toBe(0.53);
  const input = [{ content: [{ type: "input_image", image_url: "a" }] }];
  expect([fees({ input }, { perImage: 0.01 }), fees({ messages, input }, { perImage: 0.01 })]).toEqual([0.01, 0.04]);
  for (const none of [undefined, "hello", [], [user("a")]])
    expect(fees({ messages: none }, { perImage: 0.01 })).toBe(0);
});

test.each([
  [{ plugins: [{ id: "web" }] }, 0.02],
  [{ plugins: [null, { id: "file-parser" }, { id: "web", engine: "exa" }] }, 0.02],
  [{ web_search_options: {} }, 0.02],
  [{ model: "a/b:online" }, 0.02],
  [{ model: "a/b:online:beta" }, 0.02],
  [{ model: "a/b:online@preset" }, 0.02],
  [{ model: "a/b:onliner" }, 0],
  [{ model: "a/b" }, 0],
  [{}, 0],
  [{ plugins: [] }, 0],
  [{ plugins: "web" }, 0],
  [{ plugins: [{ id: "file-parser" }] }, 0],
])("a fee per web search is in it where one is asked for: %j", (body, usd) => {
  expect(fees(body, { perWebSearch: 0.02, perRequest: 0.5 })).toBe(0.5 + usd);
});

test("each token has the dearest price that it may have", () => {
  const messages = [{ content: "xxx" }];
  const prompt: (keyof ModelPrice)[] = ["promptPerMillion", "cacheWritePerMillion", "audioPerMillion"];
  for (const kind of prompt) expect(fees({ messages, max_tokens: 1 }, { [kind]: 1 }), kind).toBe(9e-6);
  const answer: (keyof ModelPrice)[] = [
    "completionPerMillion",
    "reasoningPerMillion",
    "imageOutputPerMillion",
    "audioOutputPerMillion",
  ];
  for (const kind of answer) expect(fees({ messages, max_tokens: 5 }, { [kind]: 1 }), kind).toBe(5e-6);
  expect(fees({ messages }, { cacheReadPerMillion: 1 })).toBe(0);
  const price = { promptPerMillion: 1, audioPerMillion: 3, completionPerMillion: 2, reasoningPerMillion: 1 };
  expect(fees({ messages, max_tokens: 5 }, price)).toBe(37e-6);
});

test("a cache for an hour has its price where a mark asks for it", () => {
  const hour = { cache_control: { type: "ephemeral", ttl: "1h" } };
  const short = { cache_control: { type: "ephemeral" } };
  const asks = (body: Record<string, unknown>) => fees(body, { cacheWrite1hPerMillion: 1 });
  const part = (mark: object) => ({
    messages: [null, user("a"), user([null, { type: "text", text: "a" }, { ...mark }])],
  });
  for (const body of [
    { tools: [null, { name: "a" }, { name: "b", ...hour }] },
    { ...hour, tools: [{ name: "a" }] },
    { messages: [{ ...user("a"), ...hour }] },
    part(hour),
  ]) {
    expect(asks(body), JSON.stringify(body)).toBeGreaterThan(0);
  }
  for (const body of [
    { tools: [{ name: "a", ...short }] },
    { tools: { ...hour } },
    { ...short, messages: [user("a")] },
    { messages: [{ ...user("a"), cache_control: null }] },
    { messages: { ...hour } },
    part(short),
    part({ ttl: "1h" }),
  ]) {
    expect(asks(body), JSON.stringify(body)).toBe(0);
  }
});
