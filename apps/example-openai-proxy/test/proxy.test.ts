import { startSimulator } from "@signalbox/testing";
import OpenAI, { APIError } from "openai";
import { describe, expect, onTestFinished, test } from "vitest";
import { startExample } from "./start-example.js";

const KEY = "sk-or-v1-example-proxy";
const ORIGIN = "https://shop.example";
const MODEL = "openai/gpt-4o-mini";
const messages = [{ role: "user" as const, content: "Which way is north?" }];

const client = (origin: string, apiKey: string) => new OpenAI({ baseURL: `${origin}/v1`, apiKey, maxRetries: 0 });

/** The proxy with a key, which a simulator of the test accepts, and clients as its front ends have them. */
async function startWithKey() {
  const simulator = await startSimulator({ keys: [KEY] });
  onTestFinished(() => simulator.close());
  const { origin, printed } = await startExample({
    OPENROUTER_API_KEY: KEY,
    OPENROUTER_BASE_URL: simulator.baseURL,
    WEB_TOKEN: "web-token-1234",
    TRIAL_TOKEN: "trial-token-5678",
    FRONT_END_ORIGIN: ORIGIN,
  });
  return {
    simulator,
    origin,
    printed,
    web: client(origin, "web-token-1234"),
    trial: client(origin, "trial-token-5678"),
  };
}

/** What a call was refused with. */
async function refusal(call: Promise<unknown>): Promise<APIError> {
  const error: unknown = await call.catch((reason: unknown) => reason);
  if (error instanceof APIError) return error;
  throw new Error(`it was not refused: ${error}`);
}

describe("the OpenAI proxy", () => {
  test("answers without a key, by the simulator, and says so; tokens that are not set are printed", async () => {
    const { origin, line } = await startExample({});
    expect(await line("OPENROUTER_API_KEY")).toContain("nothing is billed");
    const [, token = ""] = (await line("TRIAL_TOKEN")).split(" = ");
    expect(token).toMatch(/^fe-[\w-]{32}$/);
    const answer = await client(origin, token).chat.completions.create({ model: MODEL, messages });
    expect(answer.choices[0]?.message.content?.length).toBeGreaterThan(10);
  });

  test("serves text, streams and tools to the openai client, with the server's key and never the caller's", async () => {
    const { web, simulator, printed } = await startWithKey();
    const whole = await web.chat.completions.create({ model: MODEL, messages });
    expect(whole.choices[0]?.message.content?.length).toBeGreaterThan(10);

    let text = "";
    const stream = await web.chat.completions.create({ model: MODEL, messages, stream: true });
    for await (const { choices } of stream) text += choices[0]?.delta.content ?? "";
    expect(text.length).toBeGreaterThan(10);

    const tools = [
      { type: "function" as const, function: { name: "compass", parameters: { type: "object", properties: {} } } },
    ];
    const called = await web.chat.completions.create({ model: MODEL, messages, tools, tool_choice: "required" });
    expect(called.choices[0]?.message.tool_calls).toMatchObject([{ function: { name: "compass" } }]);

    expect(simulator.requests.map(({ status }) => status)).toEqual([200, 200, 200]);
    for (const { headers } of simulator.requests)
      expect(headers.authorization).toMatch(new RegExp(`${KEY.slice(-4)}$`));
    expect(printed.join("\n")).not.toMatch(/web-token|trial-token|sk-or/);
  });

  test("lets nobody in without a token that it knows", async () => {
    const { origin, simulator } = await startWithKey();
    for (const token of ["guessed", KEY]) {
      const { status, code } = await refusal(client(origin, token).chat.completions.create({ model: MODEL, messages }));
      expect([status, code]).toEqual([401, "authentication"]);
    }
    expect((await fetch(`${origin}/v1/models`)).status).toBe(401);
    expect(simulator.requests).toEqual([]);
  });

  test("lists the allowed models, and refuses others unsent", async () => {
    const { web, simulator } = await startWithKey();
    const { data } = await web.models.list();
    expect(data.length).toBeGreaterThan(1);
    expect(data.filter(({ id }) => id !== MODEL && !id.startsWith("anthropic/"))).toEqual([]);
    expect((await refusal(web.models.retrieve("openai/gpt-4o"))).status).toBe(404);
    const asked = simulator.requests.length;
    const error = await refusal(web.chat.completions.create({ model: "openai/gpt-4o", messages }));
    expect([error.status, error.message]).toEqual([400, expect.stringContaining("openai/gpt-4o")]);
    expect(simulator.requests).toHaveLength(asked);
  });

  test("holds each front end to its limit, and says when to come again", async () => {
    const { web, trial } = await startWithKey();
    const ask = (front: OpenAI) => front.chat.completions.create({ model: MODEL, messages, max_tokens: 60 });
    const answers = await Promise.allSettled(Array.from({ length: 14 }, () => ask(trial)));
    const refused = answers.flatMap((each) => (each.status === "rejected" ? [each.reason as APIError] : []));
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.map(({ status }) => status)).toEqual(refused.map(() => 429));
    expect(Number(refused[0]?.headers?.get("retry-after"))).toBeGreaterThan(0);
    expect((await ask(web)).choices).toHaveLength(1);
  });

  test("holds each front end to its budget: a call that could go beyond it is refused, a shorter one fits", async () => {
    const { web, trial, simulator } = await startWithKey();
    const ask = (front: OpenAI, max_tokens?: number) =>
      front.chat.completions.create({ model: MODEL, messages, ...(max_tokens === undefined ? {} : { max_tokens }) });
    let refused: unknown;
    while (refused === undefined && simulator.requests.length < 8)
      await ask(trial).catch((error: unknown) => {
        refused = error;
      });
    const { status, code, message } = await refusal(Promise.reject(refused));
    expect([status, code]).toEqual([402, "budget_exceeded"]);
    expect(message).toContain("day budget of 0.01 USD");
    const answered = simulator.requests.length;
    expect(answered).toBeGreaterThan(0);
    await ask(trial, 60);
    await ask(web);
    expect(simulator.requests.map((entry) => entry.status)).toEqual(Array(answered + 2).fill(200));
  });

  test("closes the call upstream when the front end leaves", async () => {
    const { web, simulator } = await startWithKey();
    simulator.fault("slow", { everyMs: 20 });
    for await (const _ of await web.chat.completions.create({ model: MODEL, messages, stream: true })) break;
    expect((await simulator.waitFor(({ state }) => state === "closed-by-client")).stream).toBe(true);
  });

  test("lets pages of the named origin in, and of no other", async () => {
    const { origin } = await startWithKey();
    const preflight = async (from: string) => {
      const headers = {
        Origin: from,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type,x-stainless-lang",
      };
      const answer = await fetch(`${origin}/v1/chat/completions`, { method: "OPTIONS", headers });
      return ["origin", "headers"].map((name) => answer.headers.get(`access-control-allow-${name}`));
    };
    expect(await preflight(ORIGIN)).toEqual([ORIGIN, "authorization,content-type,x-stainless-lang"]);
    expect((await preflight("https://elsewhere.example"))[0]).not.toBe("https://elsewhere.example");
  });
});
