import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { z } from "zod";
import { BudgetExceededError, LLMClient, type LLMClientOptions, LLMError, tool } from "../src/index.js";
import { type ScriptedReplySource, scriptedProvider } from "../src/testing/index.js";
import { batchesOf } from "./batches-of.js";
import { httpLoopback } from "./loopback.js";
import { json, upstream } from "./upstream.js";

const usage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15, cost: 0.4 };
function client(options: LLMClientOptions = {}, replies: ScriptedReplySource[] = [{ text: "hello", usage }]) {
  const provider = scriptedProvider(replies);
  return { llm: new LLMClient({ provider, env: false, retry: false, ...options }), provider };
}
const codeOf = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "none",
    (error: unknown) => (LLMError.is(error) ? error.code : String(error)),
  );

describe("scope()", () => {
  test("a child adds to its parent's settings and shares its meter", async () => {
    const { llm, provider } = client({ temperature: 0.1, routing: { order: ["a"], zdr: true } });
    const child = llm.scope({
      user: "ada",
      metadata: { team: "x" },
      model: "v/m",
      maxTokens: 9,
      routing: { order: ["b"] },
    });
    await child.generate({ prompt: "hi" });
    expect(provider.requests[0]).toMatchObject({
      model: "v/m",
      temperature: 0.1,
      max_tokens: 9,
      user: "ada",
      metadata: { team: "x" },
      provider: { order: ["b"], zdr: true },
    });
    expect([llm.usage.total.usd, llm.usage.byUser().map(({ user, usd }) => [user, usd])]).toEqual([
      0.4,
      [["ada", 0.4]],
    ]);
  });

  test("the calls of one user share one budget, however many children there are", async () => {
    const { llm, provider } = client();
    const budget = { usd: 1, per: "day", unknownPrice: "allow" } as const;
    const codes: string[] = [];
    for (let index = 0; index < 4; index++) {
      codes.push(await codeOf(llm.scope({ user: "ada", budget: { ...budget } }).generate({ prompt: "hi" })));
    }
    expect([codes, provider.requests.length]).toEqual([["none", "none", "none", "budget_exceeded"], 3]);
    expect(await codeOf(llm.scope({ user: "bob", budget }).generate({ prompt: "hi" }))).toBe("none");
  });

  test("S43 a budget is reserved before sending: what could exceed it is refused", async () => {
    const provider = scriptedProvider([{ text: "hello", usage }]);
    const llm = new LLMClient({
      provider: { ...provider, name: "openrouter" },
      model: "openai/gpt-4o",
      env: false,
      budget: { usd: 0.001, per: "day" },
    });
    const error: unknown = await llm.generate({ prompt: "hi", maxTokens: 4_000 }).catch((thrown: unknown) => thrown);
    expect([BudgetExceededError.is(error), provider.requests.length]).toEqual([true, 0]);
  });

  test("a policy only tightens, over every road a body has", async () => {
    const { llm, provider } = client({ policy: { zdr: true, allowModels: ["good/*"] } });
    const child = llm.scope({ policy: { denyModels: ["good/dear"] } });
    await child.generate({
      prompt: "hi",
      model: "good/one",
      routing: { zdr: false },
      extraBody: { provider: { zdr: false, order: ["x"] } },
    });
    expect(provider.requests[0]?.provider).toEqual({ zdr: true, order: ["x"] });
    expect(await codeOf(child.generate({ prompt: "hi", model: "good/dear" }))).toBe("invalid_request");
    expect(await codeOf(llm.generate({ prompt: "hi", model: "bad/one" }))).toBe("invalid_request");
    expect(await codeOf(llm.generate({ prompt: "hi", model: "good/one", extraBody: { model: "bad/one" } }))).toBe(
      "invalid_request",
    );
    expect(await codeOf(llm.generate({ prompt: "hi", model: "good/one", fallbackModels: ["bad/one"] }))).toBe(
      "invalid_request",
    );
    expect(provider.requests).toHaveLength(1);
  });

  test("unknown keys are refused with the right one named", async () => {
    const { llm } = client();
    expect(() => llm.scope({ max_tokens: 5 } as never)).toThrow("maxTokens");
    await expect(llm.generate({ prompt: "hi", top_p: 1 } as never)).rejects.toThrow("topP");
    await expect(llm.generate({ prompt: "hi", routing: { require_parameters: true } } as never)).rejects.toThrow(
      "requireParameters",
    );
  });
});

describe("run()", () => {
  test("questions about the account carry its key, too", async () => {
    const { llm, requests } = await upstream((_seen, response) => json(response, 200, { data: {} }));
    await llm.run({ apiKey: "key-of-ann" }, () => llm.account.key());
    await llm.account.key();
    expect(requests.map(({ headers }) => headers.authorization)).toEqual([
      "Bearer key-of-ann",
      "Bearer sk-or-v1-canary",
    ]);
  });

  test("interleaved calls of one client each carry their own scope", async () => {
    const { llm, provider } = client();
    const service = { ask: async (prompt: string) => (await llm.generate({ prompt })).text };
    await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        llm.run({ user: `u${index}` }, async () => {
          await Promise.resolve();
          await service.ask(`from ${index}`);
        }),
      ),
    );
    const seen = provider.requests.map((body) => [body.user, (body.messages[0] as { content: string }).content]);
    expect(new Set(seen.map(([user, text]) => `${user} ${text}`))).toEqual(
      new Set(Array.from({ length: 50 }, (_, index) => `u${index} from ${index}`)),
    );
  });

  test("a child made inside keeps what it said itself; one made before gets what is around it", async () => {
    const { llm, provider } = client();
    const before = llm.scope({ user: "feature" });
    await llm.run({ user: "ada", budget: { usd: 5, per: "day", unknownPrice: "allow" } }, async () => {
      await llm.scope({ user: "job" }).generate({ prompt: "1" });
      await before.generate({ prompt: "2" });
    });
    await llm.generate({ prompt: "3" });
    expect(provider.requests.map((body) => body.user)).toEqual(["job", "ada", undefined]);
  });

  test("a child's run() is for the child and for its children, not for its parent and its siblings", async () => {
    const { llm, provider } = client();
    const [left, right] = [llm.scope({ metadata: { side: "left" } }), llm.scope({ metadata: { side: "right" } })];
    const grandchild = left.scope({ metadata: { part: "1" } });
    await left.run({ user: "ada", model: "v/m" }, async () => {
      for (const caller of [left, grandchild, left.scope({}), right, right.scope({}), llm]) {
        await caller.generate({ prompt: "hi" });
      }
    });
    expect(provider.requests.map(({ user, metadata }) => [user, metadata])).toEqual([
      ["ada", { side: "left" }],
      ["ada", { side: "left", part: "1" }],
      ["ada", { side: "left" }],
      [undefined, { side: "right" }],
      [undefined, { side: "right" }],
      [undefined, undefined],
    ]);
  });

  test("a tool's own calls carry the scope of the call, wherever its stream is read", async () => {
    const { llm, provider } = client({}, [{ toolCalls: [{ name: "ask", arguments: {} }] }, "inner", "outer"]);
    const ask = tool({
      name: "ask",
      parameters: z.object({}),
      execute: async (_args, context) => (await context.llm.generate({ prompt: "inner" })).text,
    });
    const stream = llm.run({ user: "ada" }, () => llm.stream({ prompt: "hi", tools: [ask] }));
    expect(await batchesOf(stream)).toEqual(["outer"]);
    expect(provider.requests.map(({ user }) => user)).toEqual(["ada", "ada", "ada"]);
  });

  test("the surrounding user goes out with embeddings too", async () => {
    const { llm, provider } = client();
    const bodies: unknown[] = [];
    const { embed } = provider;
    provider.embed = (body, call) => {
      bodies.push(body);
      return embed?.call(provider, body, call) as ReturnType<NonNullable<typeof embed>>;
    };
    await llm.scope({ user: "ada" }).embed({ input: "x" });
    await llm.run({ user: "bob" }, () => llm.embed({ input: "x" }));
    expect(bodies).toMatchObject([{ user: "ada" }, { user: "bob" }]);
  });

  test("an abort of the surrounding scope ends its calls and no others", async () => {
    const { llm } = client({}, [{ text: "one two three" }]);
    const controller = new AbortController();
    const inside = llm.run({ signal: controller.signal }, () => llm.stream({ prompt: "hi" }));
    const outside = llm.stream({ prompt: "hi" });
    controller.abort();
    expect([await codeOf(inside.result), (await outside.result).text]).toEqual(["aborted", "one two three"]);
  });
});

describe("a base URL that comes from a .env file", () => {
  test("takes no key but the one beside it: scope() and run() refuse one, and stream() never throws", async () => {
    const folder = mkdtempSync(join(tmpdir(), "signalbox-scope-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const { url } = await httpLoopback((request, response) => void response.end(request.headers.authorization));
    writeFileSync(join(folder, ".env"), `OPENROUTER_BASE_URL=${url}/v1\nOPENROUTER_API_KEY=sk-or-v1-filefilefile\n`);
    vi.spyOn(process, "cwd").mockReturnValue(folder);
    for (const name of ["LLM", "OPENROUTER_API_KEY", "OPENROUTER_BASE_URL"]) vi.stubEnv(name, undefined);
    onTestFinished(() => {
      vi.unstubAllEnvs();
      vi.restoreAllMocks();
    });
    const llm = new LLMClient({ retry: false });
    onTestFinished(() => llm.close());
    const other = { apiKey: "sk-or-v1-otherotherother" };
    expect(() => llm.scope(other)).toThrow("comes from a .env file");
    expect(() => llm.run(other, () => llm.stream({ prompt: "hi" }))).toThrow("comes from a .env file");
    const stream = llm.run({ user: "ada" }, () => llm.stream({ prompt: "hi" }));
    expect(await codeOf(stream.result)).toBe("invalid_response");
  });
});

describe("the client", () => {
  test("retries while nothing was delivered, and tells each attempt", async () => {
    const { createError } = await import("../src/errors/error-classes.js");
    const down = createError("provider_overloaded", "busy");
    const provider = scriptedProvider([down, down, "finally"]);
    const waits: number[] = [];
    const llm = new LLMClient({ provider, env: false, retry: { baseDelayMs: 1 } });
    llm.on("retry", (event) => waits.push(event.attempt));
    const result = await llm.generate({ prompt: "hi" });
    expect([result.text, result.attempts.map(({ code }) => code), waits]).toEqual([
      "finally",
      ["provider_overloaded", "provider_overloaded", undefined],
      [1, 2],
    ]);
  });

  test("closing refuses new calls and ends those under way; twice is once", async () => {
    const { llm } = client({}, [{ text: "one two three" }]);
    const stream = llm.stream({ prompt: "hi" });
    const first = llm.close();
    const result = codeOf(stream.result);
    await Promise.all([first, llm.close()]);
    expect([await result, await codeOf(llm.generate({ prompt: "hi" }))]).toEqual(["aborted", "aborted"]);
  });

  test("a listener that throws does not reach the call", async () => {
    const faults: string[] = [];
    const { llm } = client({ logger: { error: (message) => void faults.push(message) } });
    const stop = llm.on("usage", () => {
      throw new Error("listener");
    });
    expect((await llm.generate({ prompt: "hi" })).text).toBe("hello");
    stop();
    await llm.generate({ prompt: "hi" });
    expect(faults).toEqual(["a listener failed"]);
  });

  test("S19 models alternate on one client without leaving traces", async () => {
    const { llm, provider } = client();
    for (const model of ["a/1", "b/2", "a/1", "c/3"]) await llm.generate({ prompt: "hi", model });
    expect(provider.requests.map((body) => body.model)).toEqual(["a/1", "b/2", "a/1", "c/3"]);
  });

  test("S21 S22 nothing absent is sent, zero is", async () => {
    const { llm, provider } = client({ temperature: 0 });
    await llm.generate({ prompt: "hi", maxTokens: undefined, topP: undefined });
    expect(provider.requests[0]).toEqual({
      model: "scripted/model",
      temperature: 0,
      messages: [{ role: "user", content: "hi" }],
    });
  });

  test("messages and arrays passed in are never changed", async () => {
    const { llm } = client();
    const request = Object.freeze({
      messages: Object.freeze([Object.freeze({ role: "user" as const, content: "hi" })]),
      stop: Object.freeze(["x"]),
      system: "be kind",
    });
    expect((await llm.generate(request)).text).toBe("hello");
  });

  test("extraBody wins over typed options, never over messages and stream", async () => {
    const { llm, provider } = client();
    await llm.generate({
      prompt: "hi",
      topP: 0.5,
      extraBody: { top_p: 0.9, messages: [], stream: true, new_field: 1 },
    });
    expect(provider.requests[0]).toEqual({
      model: "scripted/model",
      top_p: 0.9,
      new_field: 1,
      messages: [{ role: "user", content: "hi" }],
    });
  });
});

test("closing a child leaves the client as it is", async () => {
  const llm = new LLMClient({ provider: scriptedProvider(["still here"]), env: false, model: "acme/test-1" });
  await llm.scope({ user: "ann" }).close();
  expect((await llm.generate({ prompt: "hi" })).text).toBe("still here");
});
