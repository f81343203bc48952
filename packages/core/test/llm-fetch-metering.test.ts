import { describe, expect, test } from "vitest";
import { BudgetLog, roomy } from "./budget-log.js";
import { turnOfTheLoop } from "./scripted-client.js";
import { completion, events, json, post, textChunk, upstream } from "./upstream.js";

const model = "openai/gpt-4o";
const usage = { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5, cost: 0.25 };
type Response = Parameters<typeof json>[0];

/** Relays one answer of `answer` to its end, and tells what was booked. */
async function relayed(answer: (response: Response) => unknown, path = "chat/completions", body: object = {}) {
  const store = new BudgetLog();
  const { llm, baseURL } = await upstream((_seen, response) => answer(response), {
    budget: roomy,
    budgetStore: store,
    provider: "openai",
    model,
  });
  const response = await llm.fetch(`${baseURL}/${path}`, post({ model, messages: [], ...body }));
  const text = await response.text();
  return { text, log: store.log, total: llm.usage.total, llm };
}
const streamOf =
  (...parts: readonly (object | string)[]) =>
  (response: Response) => {
    events(response, ...parts);
    return response.end();
  };
const named = (event: Record<string, unknown> & { type: string }) =>
  `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;

describe("what a relayed answer cost", () => {
  test("a streamed chat: the usage of its last chunk, byte for byte relayed", async () => {
    const { text, log, total } = await relayed(
      streamOf(": OPENROUTER PROCESSING\n\n", textChunk("hi"), { choices: [], usage }, "data: [DONE]\n\n"),
    );
    expect(text).toContain(': OPENROUTER PROCESSING\n\ndata: {"id":"gen-1"');
    expect([log, total]).toMatchObject([["reserve", "settle 0.25"], { requests: 1, totalTokens: 5, usd: 0.25 }]);
  });

  test("a streamed /responses: the usage of the answer that it wraps", async () => {
    const { log, total } = await relayed(
      streamOf(
        named({ type: "response.output_text.delta", delta: "hi" }),
        named({
          type: "response.completed",
          response: { id: "gen-2", usage: { input_tokens: 7, output_tokens: 2, total_tokens: 9, cost: 0.5 } },
        }),
      ),
      "responses",
    );
    expect([log, total]).toMatchObject([["reserve", "settle 0.5"], { promptTokens: 7, totalTokens: 9 }]);
  });

  test("a streamed /messages: its prompt from the first event, its answer from the last", async () => {
    const { log, total } = await relayed(
      streamOf(
        named({ type: "message_start", message: { id: "msg-1", usage: { input_tokens: 11, output_tokens: 1 } } }),
        named({ type: "content_block_delta", delta: { type: "text_delta", text: "hi" } }),
        named({ type: "message_delta", delta: {}, usage: { output_tokens: 6, cost: 0.125 } }),
      ),
      "messages",
    );
    expect([log, total]).toMatchObject([["reserve", "settle 0.125"], { promptTokens: 11, completionTokens: 6 }]);
  });

  test("a whole answer without usage is estimated by what it says", async () => {
    const message = {
      role: "assistant",
      content: "word ".repeat(300),
      tool_calls: [{ function: { arguments: "{}" } }],
    };
    const { total } = await relayed((response) => json(response, 200, { choices: [{ message }] }));
    expect(total.usd).toBeGreaterThan(0.005);
  });

  test.each<[string, (response: Response) => unknown]>([
    ["an error in a whole body", (response) => json(response, 200, { error: { code: 502, message: "no" } })],
    ["an error in a stream", streamOf({ error: { code: 502, message: "no" }, choices: [] })],
  ])("%s without usage costs nothing, and is handed out as it came", async (_what, answer) => {
    const { text, log, total } = await relayed(answer);
    expect(text).toContain('"message":"no"');
    expect([log, total.requests]).toEqual([["reserve", "release"], 0]);
  });

  test("an answer without a body costs nothing", async () => {
    const { log, total } = await relayed((response) => response.writeHead(204).end());
    expect([log, total.requests]).toEqual([["reserve", "release"], 0]);
  });

  test("a list of models costs nothing and is nobody's request", async () => {
    const { llm, baseURL } = await upstream((_seen, response) => json(response, 200, { data: [{ id: "a/b" }] }), {
      budget: { usd: 0, per: "day" },
    });
    const heard: unknown[] = [];
    llm.on("usage", (event) => heard.push(event));
    expect(await (await llm.fetch(`${baseURL}/models`)).json()).toEqual({ data: [{ id: "a/b" }] });
    await llm.settled();
    expect([heard, llm.usage.total.requests]).toEqual([[], 0]);
  });

  test("the tags of a body count as those of a request, beside the scope's", async () => {
    const { llm, baseURL } = await upstream((_seen, response) => json(response, 200, completion));
    const scoped = llm.scope({ metadata: { feature: "deck", tenant: "t1" } });
    const body = { model, messages: [], metadata: { feature: "chat", run: 7 } };
    await (await scoped.fetch(`${baseURL}/chat/completions`, post(body))).text();
    await (await scoped.fetch(`${baseURL}/chat/completions`, post({ model, messages: [] }))).text();
    expect(llm.usage.byTag("feature").map(({ tag }) => tag)).toEqual(["chat", "deck"]);
    expect([llm.usage.byTag("tenant"), llm.usage.byTag("run")]).toMatchObject([[{ tag: "t1", requests: 2 }], []]);
  });
});

describe("a body that nobody reads", () => {
  const limits = { maxConcurrency: 1, onLimit: "reject" } as const;
  const part = new TextEncoder().encode(`data: ${JSON.stringify(textChunk("x".repeat(400_000)))}\n\n`);

  /** A client whose connection gives three long parts at once, then ends. */
  async function threeParts() {
    const closed = Promise.withResolvers<void>();
    const body = () =>
      new ReadableStream<Uint8Array>({
        start(controller) {
          for (let count = 0; count < 3; count++) controller.enqueue(part);
          controller.close();
        },
        cancel: () => closed.resolve(),
      });
    const headers = { "content-type": "text/event-stream" };
    const fetch = async () => new Response(body(), { headers });
    const { llm, clock, baseURL } = await upstream(() => {}, { fetch, limits, provider: "openai", model });
    const ask = () => llm.fetch(`${baseURL}/chat/completions`, post({ model, messages: [], stream: true }));
    return { llm, clock, ask, closed: closed.promise };
  }

  test("gives its place back where it fits into the read-ahead", async () => {
    const ended = Promise.withResolvers<void>();
    const { llm, baseURL } = await upstream((_seen, response) => json(response, 200, completion), { limits });
    const ask = () => llm.fetch(`${baseURL}/chat/completions`, post({ model, messages: [] }));
    llm.on("usage", () => ended.resolve());
    await ask();
    await ended.promise;
    await turnOfTheLoop();
    expect((await ask()).status).toBe(200);
  });

  test("is closed by the idle clock where it does not, and its place and connection are free", async () => {
    const { llm, clock, ask, closed } = await threeParts();
    const left = await ask();
    await turnOfTheLoop();
    clock.advance(59_999);
    expect((await ask()).status).toBe(429);
    clock.advance(1);
    await closed;
    await turnOfTheLoop();
    expect((await ask()).status).toBe(200);
    expect(llm.usage.total).toMatchObject({ requests: 1 });
    await expect(left.text()).rejects.toMatchObject({
      code: "timeout",
      phase: "idle",
      detail: "idle timeout: nobody read the body for 60000 ms",
    });
  });

  test("is not closed while a reader holds it, however slow", async () => {
    const { clock, ask } = await threeParts();
    const reader = (await ask()).body?.getReader();
    let bytes = (await reader?.read())?.value?.length ?? 0;
    await turnOfTheLoop();
    for (let minute = 0; minute < 3; minute++) clock.advance(60_000);
    for (let read = await reader?.read(); read && !read.done; read = await reader?.read()) bytes += read.value.length;
    expect(bytes).toBe(3 * part.length);
  });
});
