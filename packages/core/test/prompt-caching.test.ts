import { describe, expect, test } from "vitest";
import { type GenerateResult, LLMClient, type Message, textPart } from "../src/index.js";
import { bodyBytes, chatRecordings, haveRecordings, type Recording } from "./recordings.js";
import { startReplayServer } from "./replay-server.js";
import { completion, json, upstream } from "./upstream.js";

const mark = { type: "ephemeral", ttl: "1h" } as const;

async function sent(request: Parameters<LLMClient["generate"]>[0]) {
  const { llm, requests } = await upstream((_seen, response) => json(response, 200, completion));
  await llm.generate(request);
  return requests[0]?.body ?? {};
}

describe("what is marked to be cached", () => {
  test("the whole request, for vendors that cache only what is marked", async () => {
    const marked = async (model: string) => (await sent({ prompt: "x", model, cache: "auto" })).cache_control;
    expect([await marked("anthropic/claude-sonnet-5"), await marked("google/gemini-3-pro")]).toEqual([
      { type: "ephemeral" },
      { type: "ephemeral" },
    ]);
    expect(await marked("openai/gpt-5")).toBeUndefined();
    expect((await sent({ prompt: "x", model: "openai/gpt-5", cache: mark })).cache_control).toEqual(mark);
  });

  test("parts and tools keep their marks as they stand, and nothing given is changed", async () => {
    const breakpoint = { type: "text", text: "b", prompt_cache_breakpoint: { mode: "explicit" } } as const;
    const messages: Message[] = [
      { role: "system", content: [textPart("long", { cache: mark })] },
      { role: "user", content: [breakpoint, { type: "text", text: "c" }] },
    ];
    const tools = [{ type: "function" as const, function: { name: "f" }, cache_control: mark }];
    const copy = structuredClone({ messages, tools });
    const body = await sent({ messages, tools, model: "anthropic/claude-sonnet-5" });
    expect([body.messages, body.tools, { messages, tools }]).toEqual([copy.messages, copy.tools, copy]);
    expect(body).not.toHaveProperty("cache_control");
  });

  test("OpenAI's key and its explicit mode", async () => {
    const options = { promptCacheKey: "tenant-1", promptCacheOptions: { mode: "explicit", ttl: "30m" } } as const;
    expect(await sent({ prompt: "x", model: "openai/gpt-5.6", ...options })).toMatchObject({
      prompt_cache_key: "tenant-1",
      prompt_cache_options: { mode: "explicit", ttl: "30m" },
    });
  });
});

describe.skipIf(!haveRecordings)("recorded cache reads and writes", () => {
  const recordings = chatRecordings().filter(
    ({ tags }) => (tags.includes("cache-hit") || tags.includes("cache-write")) && !tags.includes("error"),
  );

  test("are counted as upstream counted them", async () => {
    expect(recordings.length).toBeGreaterThan(80);
    const server = await startReplayServer(recordings);
    const llm = new LLMClient({ apiKey: "test-key-canary", baseURL: server.baseURL, retry: false, env: false });
    try {
      const sums = { read: 0, written: 0 };
      for (const recording of recordings) {
        const { usage } = await ask(llm, recording);
        const told = recordedDetails(recording);
        expect([usage?.cachedTokens, usage?.cacheWriteTokens], recording.name).toEqual(told);
        sums.read += usage?.cachedTokens ?? 0;
        sums.written += usage?.cacheWriteTokens ?? 0;
      }
      expect([sums.read > 10_000, sums.written > 4_000]).toEqual([true, true]);
    } finally {
      await llm.close();
      await server.close();
    }
  });
});

async function ask(llm: LLMClient, { name, request }: Recording): Promise<GenerateResult> {
  const asked = { prompt: "x", model: "acme/test-1", headers: { "x-recording": name } };
  return request.body.stream ? llm.stream(asked).result : llm.generate(asked);
}

/** The last counts that stand in the recorded text, read without a parser. */
function recordedDetails(recording: Recording): (number | undefined)[] {
  const text = bodyBytes(recording).toString();
  return ["cached_tokens", "cache_write_tokens"].map((name) => {
    const last = [...text.matchAll(new RegExp(`"${name}":\\s*(\\d+)`, "g"))].at(-1)?.[1];
    return last === undefined ? undefined : Number(last);
  });
}
