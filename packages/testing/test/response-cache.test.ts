import { describe, expect, it } from "vitest";
import { ManualClock, type Simulator, startSimulator } from "../src/index.js";
import { type Answered, get, headers, question, takenApart, type Wire } from "./simulator-client.js";

const on = { "x-openrouter-cache": "true" };

async function send(
  simulator: Simulator,
  body: object,
  more: object = on,
  path = "/chat/completions",
): Promise<Answered> {
  const init = { method: "POST", headers: { ...headers, ...more }, body: JSON.stringify(body) };
  const response = await fetch(simulator.baseURL + path, init);
  const text = await response.text();
  const json: Wire = text.startsWith("data") || text.startsWith(":") ? undefined : JSON.parse(text);
  return { status: response.status, headers: response.headers, text, json };
}

const told = ({ headers: sent }: Answered) =>
  ["status", "age", "ttl", "source-id"].map((name) => sent.get(`x-openrouter-cache-${name}`));
const nothing = [null, null, null, null];
const ask = question("Explain tides");

describe("the response cache", () => {
  it("is asked for: without the header, or with false, nothing is kept and nothing is said", async () => {
    await using simulator = await startSimulator();
    for (const more of [{}, { "x-openrouter-cache": "false" }, {}])
      expect(told(await send(simulator, ask, more))).toEqual(nothing);
    expect(told(await send(simulator, ask))).toEqual(["MISS", null, "300", null]);
  });

  it("gives the same answer again: free, under a new id, with its age", async () => {
    const clock = new ManualClock();
    await using simulator = await startSimulator({ clock });
    const first = await send(simulator, ask);
    clock.move(12_000);
    const second = await send(simulator, ask);
    expect(told(second)).toEqual(["HIT", "12", "288", first.json.id]);
    expect(second.json.choices).toEqual(first.json.choices);
    expect(second.json.id).not.toBe(first.json.id);
    expect(second.headers.get("x-generation-id")).toBe(second.json.id);
    expect(second.json.usage).toMatchObject({ prompt_tokens: 0, completion_tokens: 0, total_tokens: 0, cost: 0 });
    const { data } = (await get(simulator, `/generation?id=${second.json.id}`)).json;
    expect(data).toMatchObject({ total_cost: 0, response_cache_source_id: first.json.id });
    expect((await get(simulator, "/credits")).json.data.total_usage).toBe(first.json.usage.cost);
  });

  it("streams again what was streamed", async () => {
    await using simulator = await startSimulator();
    const [first, second] = [
      takenApart(await send(simulator, { ...ask, stream: true })),
      takenApart(await send(simulator, { ...ask, stream: true })),
    ];
    expect([told(first)[0], told(second)[0]]).toEqual(["MISS", "HIT"]);
    expect([second.content, second.done]).toEqual([first.content, true]);
    expect(second.events.at(-1).usage).toMatchObject({ completion_tokens: 0, cost: 0 });
    expect(told(second)[3]).toBe(first.events[0].id);
  });

  it("tells requests apart by key, endpoint, stream, model, and the order of their properties", async () => {
    await using simulator = await startSimulator();
    const { model, messages } = ask as { model: string; messages: object[] };
    await send(simulator, ask);
    for (const [body, more] of [
      [{ messages, model }, on],
      [{ ...ask, stream: true }, on],
      [{ ...ask, model: "openai/gpt-4o" }, on],
      [{ ...ask, temperature: 0 }, on],
      [ask, { ...on, authorization: "Bearer sk-or-v1-ffffffffffffcdef" }],
    ] as const)
      expect(told(await send(simulator, body, more))[0]).toBe("MISS");
    expect(told(await send(simulator, ask))[0]).toBe("HIT");
  });

  it("keeps an answer for as long as it was told, five minutes by itself", async () => {
    const clock = new ManualClock();
    await using simulator = await startSimulator({ clock });
    for (const [ttl, kept] of [
      [undefined, 300],
      ["60", 60],
      ["86400", 86_400],
      ["999999", 86_400],
      ["soon", 300],
    ] as const) {
      const body = question(`Explain tides for ${ttl}`);
      const more = ttl === undefined ? on : { ...on, "x-openrouter-cache-ttl": ttl };
      expect(told(await send(simulator, body, more))).toEqual(["MISS", null, String(kept), null]);
      clock.move(kept * 1_000 - 1);
      expect(told(await send(simulator, body, more))[0]).toBe("HIT");
      clock.move(1);
      expect(told(await send(simulator, body, more))[0]).toBe("MISS");
    }
  });

  it("is cleared for one request by that request", async () => {
    await using simulator = await startSimulator();
    const first = await send(simulator, ask);
    expect(told(await send(simulator, ask, { ...on, "x-openrouter-cache-clear": "true" }))[0]).toBe("MISS");
    const third = await send(simulator, ask);
    expect([told(third)[0], told(third)[3] === first.json.id]).toEqual(["HIT", false]);
  });

  it("keeps no refusal, no broken answer and nothing of a client that left, and uses up no reply", async () => {
    await using simulator = await startSimulator();
    simulator.fault("502");
    expect(told(await send(simulator, ask))).toEqual(nothing);
    simulator.fault("cut", { after: 1 });
    await send(simulator, { ...ask, stream: true });
    expect(told(await send(simulator, { ...ask, stream: true }))[0]).toBe("MISS");
    await send(simulator, ask);
    simulator.reply("for the next question");
    expect(told(await send(simulator, ask))[0]).toBe("HIT");
    expect((await send(simulator, question("Another"))).json.choices[0].message.content).toBe("for the next question");
  });

  it("knows embeddings, too, and no rerank", async () => {
    await using simulator = await startSimulator();
    const body = { model: "openai/text-embedding-3-small", input: "tides" };
    const first = await send(simulator, body, on, "/embeddings");
    const second = await send(simulator, body, on, "/embeddings");
    expect([told(first)[0], told(second)[0], told(second)[3]]).toEqual(["MISS", "HIT", first.json.id]);
    expect(second.json.data).toEqual(first.json.data);
    expect([second.json.id === first.json.id, second.json.usage]).toEqual([
      false,
      expect.objectContaining({ prompt_tokens: 0, total_tokens: 0, cost: 0 }),
    ]);
    const ranking = { model: "cohere/rerank-v3.5", query: "tides", documents: ["moon", "sun"] };
    expect(told(await send(simulator, ranking, on, "/rerank"))).toEqual(nothing);
  });
});

describe("how a request was routed", () => {
  const asked = { "x-openrouter-metadata": "enabled" };
  const routed = (provider: string, model: string, selected: boolean) => ({ provider, model, selected });

  it("is told where it is asked for, by either name of the header", async () => {
    await using simulator = await startSimulator();
    for (const more of [asked, { "x-openrouter-experimental-metadata": "enabled" }]) {
      const { json } = await send(simulator, ask, more);
      expect(json.openrouter_metadata).toEqual({
        requested: "openai/gpt-4o-mini",
        strategy: "direct",
        region: null,
        summary: "available=2, selected=OpenAI",
        attempt: 1,
        is_byok: false,
        endpoints: {
          total: 2,
          available: [routed("OpenAI", "openai/gpt-4o-mini", true), routed("Azure", "openai/gpt-4o-mini", false)],
        },
      });
    }
    for (const more of [{}, { "x-openrouter-metadata": "disabled" }])
      expect((await send(simulator, ask, more)).json).not.toHaveProperty("openrouter_metadata");
  });

  it("stands on the last chunk of a stream", async () => {
    await using simulator = await startSimulator();
    const { events } = takenApart(await send(simulator, { ...ask, stream: true }, asked));
    expect(events.map((event: Wire) => "openrouter_metadata" in event).indexOf(true)).toBe(events.length - 1);
    expect(events.at(-1)).toMatchObject({ usage: {}, openrouter_metadata: { strategy: "direct" } });
  });

  it("names the way: fallback, latest, auto, alias", async () => {
    await using simulator = await startSimulator();
    const strategy = async (more: object) =>
      (await send(simulator, { ...ask, ...more }, asked)).json.openrouter_metadata;
    expect(await strategy({ model: "~anthropic/claude-sonnet-latest" })).toMatchObject({ strategy: "latest" });
    expect(await strategy({ model: "openrouter/auto" })).toMatchObject({
      requested: "openrouter/auto",
      strategy: "auto",
    });
    expect(await strategy({ model: "openai/gpt-4o-mini-2024-07-18" })).toMatchObject({ strategy: "alias" });
    const unserved = { model: "anthropic/claude-3-haiku", models: ["openai/gpt-4o"], provider: { only: ["openai"] } };
    expect(await strategy(unserved)).toMatchObject({
      requested: "anthropic/claude-3-haiku",
      strategy: "fallback",
      endpoints: { available: [routed("OpenAI", "openai/gpt-4o", true), routed("Azure", "openai/gpt-4o", false)] },
    });
  });

  it("is not told with an answer out of the cache, nor with a refusal", async () => {
    await using simulator = await startSimulator();
    const both = { ...on, ...asked };
    expect((await send(simulator, ask, both)).json).toHaveProperty("openrouter_metadata");
    expect((await send(simulator, ask, both)).json).not.toHaveProperty("openrouter_metadata");
    simulator.fault("429");
    expect((await send(simulator, ask, asked)).json).not.toHaveProperty("openrouter_metadata");
  });
});
