import { describe, expect, it } from "vitest";
import { ManualClock, type Simulator, startSimulator } from "../src/index.js";
import { countTokens } from "../src/text/tokens.js";
import { get, headers, post, stream } from "./simulator-client.js";

const long = "The moon pulls the water of every sea towards itself. ".repeat(150);
const system = { role: "system", content: long };
const marked = { role: "system", content: [{ type: "text", text: long, cache_control: { type: "ephemeral" } }] };
const user = (content: string) => ({ role: "user", content });
const chat = (messages: object[], model = "openai/gpt-4o-mini") => ({ model, messages });

async function cached(simulator: Simulator, body: object): Promise<[read: number, written: number]> {
  const { prompt_tokens_details } = (await post(simulator, body)).json.usage;
  return [prompt_tokens_details.cached_tokens, prompt_tokens_details.cache_write_tokens];
}

describe("the prompt cache", () => {
  it("reads the beginning that a model has read before, from 1,024 tokens on", async () => {
    await using simulator = await startSimulator();
    expect(countTokens(long)).toBeGreaterThan(1_024);
    expect(await cached(simulator, chat([system, user("Why?")]))).toEqual([0, 0]);
    const [read, written] = await cached(simulator, chat([system, user("How?")]));
    expect([read > countTokens(long), written]).toEqual([true, 0]);
    expect((await post(simulator, chat([system, user("How?")]))).json.usage.prompt_tokens).toBeGreaterThan(read);
    const short = [{ role: "system", content: "Be brief." }, user("Why?")];
    for (const messages of [short, short]) expect(await cached(simulator, chat(messages))).toEqual([0, 0]);
  });

  it("grows with the conversation, and ends where the messages differ", async () => {
    await using simulator = await startSimulator();
    const first = [system, user("Why?")];
    await cached(simulator, chat(first));
    const longer = [...first, { role: "assistant", content: "Gravity." }, user("And why twice a day?")];
    const [whole] = await cached(simulator, chat(longer));
    const [again] = await cached(
      simulator,
      chat([...longer, { role: "assistant", content: "It turns." }, user("How fast?")]),
    );
    expect(again).toBeGreaterThan(whole);
    expect(await cached(simulator, chat([user("Before."), ...first]))).toEqual([0, 0]);
  });

  it("belongs to a key, a model, a provider and its tools", async () => {
    await using simulator = await startSimulator();
    const body = chat([system, user("Why?")]);
    await cached(simulator, body);
    const tools = [{ type: "function", function: { name: "look", parameters: { type: "object", properties: {} } } }];
    expect(await cached(simulator, { ...body, model: "openai/gpt-4o" })).toEqual([0, 0]);
    expect(await cached(simulator, { ...body, provider: { only: ["azure"] } })).toEqual([0, 0]);
    expect(await cached(simulator, { ...body, tools })).toEqual([0, 0]);
    const other = await fetch(`${simulator.baseURL}/chat/completions`, {
      method: "POST",
      headers: { ...headers, authorization: "Bearer sk-or-v1-ffffffffffffcdef" },
      body: JSON.stringify(body),
    });
    expect(await other.json()).toMatchObject({ usage: { prompt_tokens_details: { cached_tokens: 0 } } });
  });

  it.each(["anthropic/claude-sonnet-4.5", "google/gemini-2.5-flash"])(
    "holds only what is marked: %s",
    async (model) => {
      await using simulator = await startSimulator();
      for (const messages of [
        [system, user("Why?")],
        [system, user("How?")],
      ])
        expect(await cached(simulator, chat(messages, model))).toEqual([0, 0]);
      const [read, written] = await cached(simulator, chat([marked, user("Why?")], model));
      expect([read, written > 1_024]).toEqual([0, true]);
      expect(await cached(simulator, chat([marked, user("How?")], model))).toEqual([written, 0]);
      const all = { ...chat([system, user("Where?")], model), cache_control: { type: "ephemeral" } };
      const [, allWritten] = await cached(simulator, all);
      expect(allWritten).toBeGreaterThan(written);
      expect(await cached(simulator, all)).toEqual([allWritten, 0]);
    },
  );

  it("forgets after five minutes without use, or after the hour that was asked for", async () => {
    const clock = new ManualClock();
    await using simulator = await startSimulator({ clock });
    const model = "anthropic/claude-sonnet-4.5";
    const kept = (ttl: string) => [
      {
        role: "system",
        content: [{ type: "text", text: `${ttl} ${long}`, cache_control: { type: "ephemeral", ttl } }],
      },
      user("Why?"),
    ];
    for (const [ttl, ms] of [
      ["5m", 300_000],
      ["1h", 3_600_000],
    ] as const) {
      const [, written] = await cached(simulator, chat(kept(ttl), model));
      for (let use = 0; use < 2; use += 1) {
        clock.move(ms - 1);
        expect(await cached(simulator, chat(kept(ttl), model))).toEqual([written, 0]);
      }
      clock.move(ms);
      expect(await cached(simulator, chat(kept(ttl), model))).toEqual([0, written]);
    }
  });

  it("is billed at the model's prices for it, to the exact amount, and found with the generation", async () => {
    const pricing = {
      prompt: "0.000003",
      completion: "0",
      input_cache_read: "0.0000003",
      input_cache_write: "0.00000375",
    };
    await using simulator = await startSimulator({ models: [{ id: "anthropic/priced", pricing }] });
    const body = chat([marked, user("Why?")], "anthropic/priced");
    const [first, second] = [(await post(simulator, body)).json, (await post(simulator, body)).json];
    const prompt = first.usage.prompt_tokens;
    const held = first.usage.prompt_tokens_details.cache_write_tokens;
    expect(second.usage.prompt_tokens_details.cached_tokens).toBe(held);
    expect(first.usage.cost).toBe(((prompt - held) * 300 + held * 375) / 1e8);
    expect(second.usage.cost).toBe(((prompt - held) * 300 + held * 30) / 1e8);
    expect(second.usage.cost_details.upstream_inference_prompt_cost).toBe(second.usage.cost);
    const { data } = (await get(simulator, `/generation?id=${second.id}`)).json;
    expect(data).toMatchObject({ native_tokens_cached: held, total_cost: second.usage.cost });
  });

  it("counts in a stream, and in one that was cut, too", async () => {
    await using simulator = await startSimulator();
    const body = chat([system, user("Why?")]);
    await cached(simulator, body);
    const { events } = await stream(simulator, body);
    const { cached_tokens } = events.at(-1).usage.prompt_tokens_details;
    expect(cached_tokens).toBeGreaterThan(1_024);
    simulator.fault("cut", { after: 1 });
    await stream(simulator, body);
    const broken = await simulator.requests.at(-1)?.closed;
    expect(broken?.usage).toMatchObject({ completion_tokens: 1, prompt_tokens_details: { cached_tokens } });
  });
});
