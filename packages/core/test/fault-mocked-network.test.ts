import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { LLMClient, type LLMClientOptions } from "../src/index.js";
import { rejection } from "./rejection.js";
import { completion, textChunk } from "./upstream.js";

// Nothing listens there: an answer can only come from the mock.
const baseURL = "https://127.0.0.1:2/api/v1";
const seen: { key: string | null; body: unknown }[] = [];
let answer: () => Response;
const server = setupServer(
  http.post(`${baseURL}/chat/completions`, async ({ request }) => {
    seen.push({ key: request.headers.get("authorization"), body: await request.json() });
    return answer();
  }),
);

beforeAll(() => server.listen({ onUnhandledFrame: "error" }));
beforeEach(() => {
  seen.length = 0;
});
afterEach(() => server.resetHandlers());
afterAll(() => server.close());

const roads: Record<string, () => LLMClientOptions> = {
  "the default transport": () => ({}),
  "the global fetch": () => ({ fetch: (input, init) => fetch(input, init as RequestInit) }),
};

describe.each(Object.keys(roads))("a network that is mocked by others sees the calls of %s", (road) => {
  const client = (more: LLMClientOptions = {}) =>
    new LLMClient({ apiKey: "k-canary", baseURL, env: false, ...roads[road]?.(), ...more });

  test("a whole answer", async () => {
    answer = () => HttpResponse.json(completion);
    const { text } = await client().generate({ prompt: "hello", model: "acme/one" });
    expect([text, seen]).toEqual([
      "hi",
      [
        {
          key: "Bearer k-canary",
          body: expect.objectContaining({ model: "acme/one", messages: [{ role: "user", content: "hello" }] }),
        },
      ],
    ]);
  });

  test("a stream", async () => {
    const finish = { choices: [{ delta: {}, finish_reason: "stop" }], usage: completion.usage };
    const parts = [textChunk("é "), textChunk("🌍"), finish].map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`);
    answer = () =>
      new HttpResponse(ReadableStream.from(parts).pipeThrough(new TextEncoderStream()), {
        headers: { "content-type": "text/event-stream" },
      });
    const texts: string[] = [];
    for await (const text of client().stream({ prompt: "x" })) texts.push(text);
    expect([texts.join(""), seen.length]).toEqual(["é 🌍", 1]);
  });

  test("R4 a refusal and the try after it", async () => {
    const answers = [() => HttpResponse.json({}, { status: 503 }), () => HttpResponse.json(completion)];
    answer = () => (answers.shift() as () => Response)();
    const { attempts } = await client({ retry: { baseDelayMs: 1 } }).generate({ prompt: "x" });
    expect(attempts.map(({ status }) => status)).toEqual([503, 200]);
  });

  test("F20 a network that fails", async () => {
    answer = () => HttpResponse.error();
    const error = await rejection(client({ retry: false }).generate({ prompt: "x" }));
    expect([error.code, seen.length]).toEqual(["connection", 1]);
  });
});
