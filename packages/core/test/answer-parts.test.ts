import { describe, expect, test } from "vitest";
import type { ChatChunk, GenerateResult, StreamEvent } from "../src/index.js";
import { LLMClient } from "../src/index.js";
import { bodyBytes, chatRecordings, haveRecordings } from "./recordings.js";
import { startReplayServer } from "./replay-server.js";
import { events, json, upstream } from "./upstream.js";

const base64 = (text: string) => Buffer.from(text).toString("base64");
const picture = (data: string) => ({ type: "image_url", image_url: { url: `data:image/png;base64,${data}` } });
const citation = (url: string) => ({
  type: "url_citation",
  url_citation: { url, title: "", start_index: 0, end_index: 0 },
});
const file = { type: "file", file: { hash: "h", name: "a.pdf", content: [{ type: "text", text: "page" }] } };

/** The result, and the events where it was streamed, of one answer whose deltas are given. */
async function streamed(...deltas: object[]) {
  const { llm } = await upstream((_seen, response) => {
    events(response, ...deltas.map((delta) => ({ id: "gen-1", choices: [{ index: 0, delta, finish_reason: null }] })));
    events(response, { id: "gen-1", choices: [{ index: 0, delta: {}, finish_reason: "stop" }] });
    return response.end("data: [DONE]\n\n");
  });
  const stream = llm.stream({
    prompt: "x",
    model: "a/b",
    modalities: ["text", "audio"],
    audio: { voice: "v", format: "wav" },
  });
  const seen: StreamEvent[] = [];
  for await (const event of stream.events) seen.push(event);
  return { result: await stream.result, seen };
}

async function whole(message: object): Promise<GenerateResult> {
  const choices = [{ index: 0, message: { role: "assistant", content: "", ...message }, finish_reason: "stop" }];
  const { llm } = await upstream((_seen, response) => json(response, 200, { id: "gen-1", choices }));
  return llm.generate({ prompt: "x", model: "a/b", audio: { voice: "v", format: "wav" } });
}

describe("pictures", () => {
  test("come once, in order, though a route repeats them with the last chunk", async () => {
    const [one, two] = [picture("AAAA"), picture("BBBB")];
    const { result, seen } = await streamed(
      { images: [one] },
      { images: [two] },
      { content: "done", images: [one, two] },
    );
    expect([result.images, result.message.images]).toEqual([
      [one, two],
      [one, two],
    ]);
    expect(seen.filter(({ type }) => type === "image")).toEqual([
      { type: "image", step: 0, image: one },
      { type: "image", step: 0, image: two },
    ]);
    expect(result.warnings).toEqual([]);
  });

  test("without an address are all kept: nothing says that they are the same", async () => {
    const { result } = await streamed({ images: [{ type: "new" }, { type: "new" }] });
    expect(result.images).toHaveLength(2);
  });

  test("of a whole answer are the result's, and go back with its message as they came", async () => {
    const result = await whole({ images: [picture("AAAA")] });
    expect([result.images, result.newMessages[0]]).toEqual([
      [picture("AAAA")],
      { role: "assistant", content: "", images: [picture("AAAA")] },
    ]);
  });
});

describe("sound", () => {
  test("is joined byte by byte, and its transcript with it", async () => {
    const { result, seen } = await streamed(
      { audio: { id: "audio_1", transcript: "Hel" } },
      { audio: { data: base64("RIFF1"), transcript: "lo" } },
      { audio: { data: base64("data2") } },
      { audio: { expires_at: 5 } },
    );
    expect(result.audio).toEqual({ data: base64("RIFF1data2"), transcript: "Hello", format: "wav" });
    expect(result.message.audio).toEqual({
      id: "audio_1",
      data: base64("RIFF1data2"),
      transcript: "Hello",
      expires_at: 5,
    });
    expect(seen.filter(({ type }) => type === "audio-delta")).toEqual([
      { type: "audio-delta", step: 0, transcript: "Hel" },
      { type: "audio-delta", step: 0, data: base64("RIFF1"), transcript: "lo" },
      { type: "audio-delta", step: 0, data: base64("data2") },
    ]);
    expect(result.warnings).toEqual([]);
  });

  test("of a whole answer is told the same way", async () => {
    const audio = { id: "audio_1", data: base64("RIFF"), transcript: "Hello", expires_at: 5 };
    const result = await whole({ content: null, audio });
    expect([result.audio, result.message.audio]).toEqual([
      { data: base64("RIFF"), transcript: "Hello", format: "wav" },
      audio,
    ]);
  });

  test("and log probabilities are whole where a stream came instead of JSON", async () => {
    const logprobs = (token: string) => ({ content: [{ token, logprob: -1 }] });
    const chunk = (text: string) => ({ audio: { data: base64(text), transcript: text }, content: text });
    const { llm } = await upstream((_seen, response) => {
      const choice = (text: string) => ({
        index: 0,
        delta: chunk(text),
        logprobs: logprobs(text),
        finish_reason: null,
      });
      events(response, { id: "gen-1", choices: [choice("a")] }, { id: "gen-1", choices: [choice("b")] });
      return response.end("data: [DONE]\n\n");
    });
    const result = await llm.generate({ prompt: "x", model: "a/b" });
    expect([result.text, result.audio, result.logprobs]).toEqual([
      "ab",
      { data: base64("ab"), transcript: "ab", format: "unknown" },
      { content: [...logprobs("a").content, ...logprobs("b").content] },
    ]);
  });
});

test("sources and parsed files are told as they come, and go back with the message", async () => {
  const annotations = [citation("https://a.example"), citation("https://b.example"), file, { type: "new", x: 1 }];
  const { result, seen } = await streamed({ content: "text" }, ...annotations.map((one) => ({ annotations: [one] })));
  expect([result.annotations, result.message.annotations]).toEqual([annotations, annotations]);
  expect(seen.flatMap((event) => (event.type === "annotation" ? [event.annotation] : []))).toEqual(annotations);
  expect(result.annotations.map(({ url_citation }) => url_citation?.url)).toEqual([
    "https://a.example",
    "https://b.example",
    undefined,
    undefined,
  ]);
  expect((await whole({ annotations })).annotations).toEqual(annotations);
});

describe.skipIf(!haveRecordings)("recorded log probabilities", () => {
  const recordings = chatRecordings().filter((recording) => bodyBytes(recording).toString().includes('"logprobs":{'));

  test("are joined as the pieces say, streamed or whole", async () => {
    expect(recordings.length).toBeGreaterThanOrEqual(13);
    const server = await startReplayServer(recordings);
    const llm = new LLMClient({ apiKey: "test-key-canary", baseURL: server.baseURL, retry: false, env: false });
    try {
      for (const recording of recordings) {
        const { stream } = recording.request.body;
        const request = { prompt: "x", model: "acme/test-1", headers: { "x-recording": recording.name } };
        const result = stream ? await llm.stream(request).result : await llm.generate(request);
        expect(result.logprobs, recording.name).toEqual(recordedLogprobs(bodyBytes(recording).toString(), stream));
      }
    } finally {
      await llm.close();
      await server.close();
    }
  });
});

/** The token lists of an answer, put together by nothing but concatenation. */
function recordedLogprobs(body: string, stream: boolean | undefined): unknown {
  const chunks: ChatChunk[] = stream
    ? body
        .split("\n")
        .filter((line) => line.startsWith("data: {"))
        .map((line) => JSON.parse(line.slice(6)) as ChatChunk)
    : [JSON.parse(body) as ChatChunk];
  const all = chunks.flatMap((chunk) => chunk.choices?.[0]?.logprobs ?? []) as Record<string, unknown[] | null>[];
  const lists = (name: string) => all.flatMap((one) => one[name] ?? []);
  const whole: Record<string, unknown> = { ...all[0] };
  for (const name of ["content", "refusal"]) if (all.some((one) => Array.isArray(one[name]))) whole[name] = lists(name);
  return whole;
}
