import { describe, expect, it } from "vitest";
import { Generations } from "../src/account/generations.js";
import { ManualClock, startSimulator } from "../src/index.js";
import { get, post, question } from "./simulator-client.js";

const ask = question("Explain tides");

describe("keys", () => {
  it("are needed for inference and the account, not for the catalogue", async () => {
    await using simulator = await startSimulator();
    const bare = async (path: string, method = "GET") => {
      const response = await fetch(simulator.baseURL + path, {
        method,
        ...(method === "POST" && { body: JSON.stringify(ask) }),
      });
      return [response.status, ((await response.json()) as { error?: { message: string } }).error?.message];
    };
    for (const path of ["/key", "/credits", "/generation?id=x"])
      expect(await bare(path)).toEqual([401, "Missing Authentication header"]);
    expect(await bare("/chat/completions", "POST")).toEqual([401, "Missing Authentication header"]);
    for (const path of ["/models", "/providers", "/model/openai/gpt-4o", "/models/openai/gpt-4o/endpoints"])
      expect(await bare(path)).toEqual([200, undefined]);
  });

  it("may be restricted, and management keys kept apart", async () => {
    await using simulator = await startSimulator({ keys: ["good"], managementKeys: ["boss"] });
    const status = async (key: string, path: string) => {
      const post = path === "/chat/completions";
      const response = await fetch(simulator.baseURL + path, {
        method: post ? "POST" : "GET",
        headers: { authorization: `Bearer ${key}` },
        ...(post && { body: JSON.stringify(ask) }),
      });
      return [response.status, ((await response.json()) as { error?: { message: string } }).error?.message];
    };
    expect(await status("bad", "/chat/completions")).toEqual([401, "User not found."]);
    expect(await status("good", "/chat/completions")).toEqual([200, undefined]);
    expect(await status("good", "/credits")).toEqual([403, "Only management keys can perform this operation"]);
    expect(await status("boss", "/credits")).toEqual([200, undefined]);
    expect((await status("boss", "/chat/completions"))[0]).toBe(403);
  });
});

describe("credits", () => {
  it("are spent to the exact sum of all costs, then 402", async () => {
    await using simulator = await startSimulator({ credits: 0.0003 });
    const costs: number[] = [];
    let last = await post(simulator, ask);
    for (let n = 0; last.status === 200 && n < 50; n += 1) {
      costs.push(last.json.usage.cost);
      last = await post(simulator, question(`Explain tides, part ${n}`));
    }
    expect(last.status).toBe(402);
    expect(last.json.error.message).toBe("Insufficient credits. Add more using https://openrouter.ai/credits");
    const nanos = costs.reduce((sum, cost) => sum + Math.round(cost * 1e12), 0);
    const { data } = (await get(simulator, "/credits")).json;
    expect(data).toEqual({ total_credits: 0.0003, total_usage: nanos / 1e12 });
    expect((await get(simulator, "/key")).json.data).toMatchObject({ limit: 0.0003, usage: nanos / 1e12 });
    expect((await post(simulator, question("x", { model: "openai/gpt-oss-20b:free" }))).status).toBe(402);
  });

  it("refuse a token limit they cannot pay, and say what they can", async () => {
    await using simulator = await startSimulator({ credits: 0.001 });
    const { status, json } = await post(simulator, { ...ask, max_tokens: 4000 });
    expect(status).toBe(402);
    const [, requested, affordable] =
      /You requested up to (\d+) tokens, but can only afford (\d+)\./.exec(json.error.message) ?? [];
    expect([requested, Number(affordable)]).toEqual(["4000", 1664]);
    expect((await post(simulator, { ...ask, max_tokens: Number(affordable) })).status).toBe(200);
  });
});

it("a rate limit counts per minute and answers as recorded", async () => {
  const clock = new ManualClock();
  await using simulator = await startSimulator({ rateLimit: { requestsPerMinute: 2 }, clock });
  const statuses = [];
  for (let n = 0; n < 3; n += 1) statuses.push((await post(simulator, ask)).status);
  expect(statuses).toEqual([200, 200, 429]);
  clock.move(59_999);
  const { json, headers } = await post(simulator, ask);
  const reset = String(clock.now() + 1);
  expect(json.error).toEqual({
    code: 429,
    message: "Rate limit exceeded: requests-per-min. ",
    metadata: {
      headers: { "X-RateLimit-Limit": "2", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": reset },
      provider_name: null,
    },
  });
  expect([headers.get("x-ratelimit-limit"), headers.get("x-ratelimit-reset"), headers.get("retry-after")]).toEqual([
    "2",
    reset,
    null,
  ]);
  clock.move(1);
  expect((await post(simulator, ask)).status).toBe(200);
});

describe("generations", () => {
  it("are found with what was billed", async () => {
    await using simulator = await startSimulator();
    const { json, headers } = await post(simulator, ask);
    expect(headers.get("x-generation-id")).toBe(json.id);
    const { data } = (await get(simulator, `/generation?id=${json.id}`)).json;
    expect(data).toMatchObject({
      id: json.id,
      total_cost: json.usage.cost,
      tokens_prompt: json.usage.prompt_tokens,
      provider_name: "OpenAI",
      streamed: false,
      cancelled: false,
    });
  });

  it("may be missing at first, and unknown ones stay so", async () => {
    await using simulator = await startSimulator({ generationMisses: 2 });
    const { json } = await post(simulator, ask);
    const statuses = [];
    for (let n = 0; n < 3; n += 1) statuses.push((await get(simulator, `/generation?id=${json.id}`)).status);
    expect(statuses).toEqual([404, 404, 200]);
    expect((await get(simulator, "/generation?id=gen-nothing")).status).toBe(404);
  });
});

it("the latest 10,000 generations are remembered", () => {
  const generations = new Generations(0);
  for (let n = 0; n <= 10_000; n += 1) generations.remember(`gen-${n}`, { n });
  expect(() => generations.find("gen-0")).toThrow("Generation gen-0 not found");
  expect([generations.find("gen-1"), generations.find("gen-10000")]).toEqual([{ n: 1 }, { n: 10_000 }]);
});

it("hidden reasoning is billed before the text of a broken stream", async () => {
  await using simulator = await startSimulator();
  const body = { ...ask, model: "deepseek/deepseek-r1", reasoning: { exclude: true } };
  const whole = (await post(simulator, body)).json.usage;
  simulator.fault("cut", { after: 3 });
  await post(simulator, { ...body, stream: true });
  const reasoned = whole.completion_tokens_details.reasoning_tokens;
  const broken = await simulator.requests[1]?.closed;
  expect(reasoned).toBeGreaterThan(3);
  expect(broken?.usage).toMatchObject({
    completion_tokens: reasoned + 3,
    completion_tokens_details: { reasoning_tokens: reasoned },
  });
});

it("costs are the tokens at the model's prices, exactly", async () => {
  await using simulator = await startSimulator();
  for (const [model, prompt, completion] of [
    ["anthropic/claude-3-haiku", 250, 1250],
    ["openai/gpt-4o", 2500, 10_000],
    ["meta-llama/llama-3.1-8b-instruct", 50, 80],
    ["openai/gpt-oss-20b:free", 0, 0],
  ] as const) {
    const { usage } = (await post(simulator, { ...ask, model })).json;
    const nanos = usage.prompt_tokens * prompt + usage.completion_tokens * completion;
    expect(usage.cost).toBe(nanos / 1e9);
    expect(usage.cost_details.upstream_inference_prompt_cost).toBe((usage.prompt_tokens * prompt) / 1e9);
  }
});

it("unknown options are refused by name", async () => {
  await expect(startSimulator({ tokensPersecond: 3 } as object)).rejects.toThrow('unknown option "tokensPersecond"');
  await expect(startSimulator({ notation: "2025" as "2026" })).rejects.toThrow('notation is "2026" or "2024"');
});
