import type { PublicErrorBody, StreamEvent } from "@signalbox/core";
import { type EventsError, readEvents } from "@signalbox/core/browser";
import { startSimulator } from "@signalbox/testing";
import { describe, expect, onTestFinished, test } from "vitest";
import { startExample } from "./start-example.js";

const KEY = "sk-or-v1-example-chat";
const PASSWORDS = { ann: "correct horse", tom: "battery staple" };

const posted = (body: object, cookie = ""): RequestInit => ({
  method: "POST",
  headers: { "Content-Type": "application/json", cookie },
  body: JSON.stringify(body),
});

/** The example with a key, which a simulator of the test accepts. */
async function startWithKey() {
  const simulator = await startSimulator({ keys: [KEY] });
  onTestFinished(() => simulator.close());
  const { origin, printed } = await startExample({ OPENROUTER_API_KEY: KEY, OPENROUTER_BASE_URL: simulator.baseURL });
  return {
    simulator,
    origin,
    printed,
    billed: () => simulator.requests.reduce((sum, { cost }) => sum + (cost ?? 0), 0),
  };
}

/** The cookie of a new session. */
async function logIn(origin: string, name: keyof typeof PASSWORDS): Promise<string> {
  const response = await fetch(`${origin}/login`, posted({ name, password: PASSWORDS[name] }));
  expect(response.status).toBe(204);
  return response.headers.getSetCookie()[0]?.split(";")[0] ?? "";
}

async function account(origin: string, cookie: string) {
  const response = await fetch(`${origin}/api/account`, { headers: { cookie } });
  return (await response.json()) as { name: string; answers: string; spentUsd: number; budgetUsd: number };
}

async function ask(origin: string, cookie: string, prompt: string): Promise<string> {
  let text = "";
  for await (const event of readEvents<StreamEvent>(`${origin}/api/chat`, posted({ prompt, stream: true }, cookie)))
    if (event.type === "text-delta") text += event.text;
  return text;
}

describe("the Express chat", () => {
  test("answers without a key, by the simulator, and says so", async () => {
    const { origin, line } = await startExample({});
    expect(await line("OPENROUTER_API_KEY")).toContain("nothing is billed");
    const cookie = await logIn(origin, "tom");
    expect(await ask(origin, cookie, 'Reply with exactly "Good morning"')).toBe("Good morning");
    const { answers, spentUsd } = await account(origin, cookie);
    expect(answers).toBe("the simulator");
    expect(spentUsd).toBeGreaterThan(0);
  });

  test("lets nobody in without a login, and nobody else's password", async () => {
    const { origin, simulator } = await startWithKey();
    for (const cookie of ["", "chat=s%3Aguessed.signature"]) {
      expect((await fetch(`${origin}/api/chat`, posted({ prompt: "Hi" }, cookie))).status).toBe(401);
      expect((await fetch(`${origin}/api/account`, { headers: { cookie } })).status).toBe(401);
    }
    const wrong = [{ name: "tom", password: PASSWORDS.ann }, { name: "eve", password: "" }, { name: ["tom"] }, {}];
    for (const body of wrong) expect((await fetch(`${origin}/login`, posted(body))).status).toBe(401);
    expect(simulator.requests).toEqual([]);
  });

  test("keeps the session from scripts and other sites, and forgets it at the logout", async () => {
    const { origin } = await startWithKey();
    const response = await fetch(`${origin}/login`, posted({ name: "ann", password: PASSWORDS.ann }));
    expect(response.headers.getSetCookie()).toEqual([expect.stringMatching(/; HttpOnly; SameSite=Strict$/)]);
    const cookie = response.headers.getSetCookie()[0]?.split(";")[0] ?? "";
    expect((await account(origin, cookie)).name).toBe("ann");
    expect(await logIn(origin, "ann")).not.toBe(cookie);
    expect((await fetch(`${origin}/logout`, posted({}, cookie))).status).toBe(204);
    expect((await fetch(`${origin}/api/account`, { headers: { cookie } })).status).toBe(401);
  });

  test("refuses a user whose budget is used up, before anything is sent, and nobody else", async () => {
    const { origin, simulator, billed } = await startWithKey();
    const [ann, tom] = [await logIn(origin, "ann"), await logIn(origin, "tom")];
    let refusal: EventsError | undefined;
    while (refusal === undefined && simulator.requests.length < 10)
      await ask(origin, tom, "How do canals work?").catch((error: EventsError) => {
        refusal = error;
      });
    expect(refusal).toMatchObject({ status: 402, code: "budget_exceeded" });
    expect(refusal?.message).toContain("total budget of 0.0006 USD has");
    const answered = simulator.requests.length;
    expect(answered).toBeGreaterThan(1);
    expect(simulator.requests.every(({ status, json }) => status === 200 && json.max_tokens === 200)).toBe(true);
    const { spentUsd, budgetUsd } = await account(origin, tom);
    expect(spentUsd).toBeCloseTo(billed(), 12);
    expect(spentUsd).toBeLessThanOrEqual(budgetUsd);

    expect((await account(origin, ann)).spentUsd).toBe(0);
    expect(await ask(origin, ann, "How do canals work?")).not.toBe("");
    expect(simulator.requests).toHaveLength(answered + 1);
    expect(simulator.requests.at(-1)?.json.max_tokens).toBe(800);
  });

  test("refuses who asks too often, and says when to come again", async () => {
    const { origin } = await startWithKey();
    const cookie = await logIn(origin, "ann");
    const asked = Array.from({ length: 36 }, () => fetch(`${origin}/api/chat`, posted({ prompt: "Hi" }, cookie)));
    const answers = await Promise.all(asked);
    const refused = answers.filter(({ status }) => status === 429);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(answers.length - refused.length);
    expect(refused.length).toBeGreaterThan(0);
    expect(Number(refused[0]?.headers.get("retry-after"))).toBeGreaterThan(0);
  });

  test("takes neither model nor system prompt from the page", async () => {
    const { origin, simulator } = await startWithKey();
    const cookie = await logIn(origin, "ann");
    for (const more of [{ model: "openai/gpt-4o" }, { system: "Obey." }, { maxTokens: 9_000 }]) {
      const response = await fetch(`${origin}/api/chat`, posted({ prompt: "Hi", ...more }, cookie));
      expect([response.status, ((await response.json()) as PublicErrorBody).error.code]).toEqual([
        400,
        "invalid_request",
      ]);
    }
    expect(simulator.requests).toEqual([]);
  });

  test("stops the answer, and its bill, when the page stops reading", async () => {
    const { origin, simulator } = await startWithKey();
    simulator.fault("slow", { everyMs: 20 });
    const cookie = await logIn(origin, "ann");
    for await (const { type } of readEvents<StreamEvent>(
      `${origin}/api/chat`,
      posted({ prompt: "Hi", stream: true }, cookie),
    ))
      if (type === "text-delta") break;
    expect((await simulator.waitFor(({ state }) => state === "closed-by-client")).stream).toBe(true);
    expect(await ask(origin, cookie, "And now?")).not.toBe("");
  });
});
