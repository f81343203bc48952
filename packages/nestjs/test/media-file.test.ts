import { Controller, Get, Inject, Post } from "@nestjs/common";
import { APP_FILTER } from "@nestjs/core";
import { type ChatChunk, type GenerateStream, LLMClient, type LLMProvider } from "@signalbox/core";
import { scriptedProvider } from "@signalbox/core/testing";
import { describe, expect, test } from "vitest";
import { audioFile, imageFile, LLMExceptionFilter, LLMModule } from "../src/index.js";
import { type Platform, platforms, start } from "./application.js";
import { post } from "./http.js";

const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);
const picture = (url: string) => ({ type: "image_url", image_url: { url } });
const sound = Buffer.from(Array.from({ length: 1_000 }, (_, index) => index % 256));

interface Piece {
  audio?: { data?: string; transcript?: string };
  content?: string;
}

/** A model that speaks: pieces of sound cut where base64 does not end, held before the last until it is told. */
function speaking(pieces: readonly Piece[], held?: Promise<unknown>) {
  const signals: AbortSignal[] = [];
  const chunk = (delta: object, finish: string | null): ChatChunk => ({
    id: "gen-sound",
    model: "held/model",
    choices: [{ index: 0, delta, finish_reason: finish }],
  });
  const provider: LLMProvider = {
    ...scriptedProvider(),
    defaultModel: "held/model",
    async chatStream(_body, { signal }) {
      if (signal) signals.push(signal);
      async function* chunks() {
        for (const [index, piece] of pieces.entries()) {
          if (index === pieces.length - 1) await held;
          yield [chunk(piece, null)];
        }
        yield [chunk({}, "stop")];
      }
      const iterator = chunks();
      const aborted = new Promise<never>((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));
      aborted.catch(() => {});
      return {
        status: 200,
        done: true,
        close: () => {},
        [Symbol.asyncIterator]: () => ({ next: () => Promise.race([iterator.next(), aborted]) }),
      };
    },
  };
  return { provider, signals };
}

const spoken = (at: readonly number[]): Piece[] => {
  const text = sound.toString("base64");
  return [...at, text.length].map((end, index) => ({ audio: { data: text.slice(at[index - 1] ?? 0, end) } }));
};

@Controller()
class MediaController {
  constructor(@Inject(LLMClient) private readonly client: LLMClient) {}

  @Get("picture")
  picture() {
    return imageFile(picture(`data:image/png;base64,${PNG.toString("base64")}`), { filename: "tee 茶.png" });
  }

  @Get("svg")
  svg() {
    return imageFile(picture("data:image/svg+xml;base64,PHN2Zy8+"));
  }

  @Get("svg-in-capitals")
  svgInCapitals() {
    return imageFile(picture("data:image/SVG+XML;base64,PHN2Zy8+"));
  }

  @Get("address")
  address() {
    return imageFile(picture("http://169.254.169.254/latest"));
  }

  @Get("silence")
  silence() {
    return audioFile(undefined);
  }

  @Get("whole")
  whole() {
    return audioFile({ data: sound.toString("base64"), format: "wav" });
  }

  @Post("speech")
  speech() {
    const stream: GenerateStream = this.client.stream({ prompt: "hi" });
    return audioFile(stream, { format: "mp3" });
  }
}

const applicationOn = (platform: Platform, provider: LLMProvider = scriptedProvider(["no sound"])) =>
  start(platform, {
    imports: [LLMModule.forRoot({ provider, env: false, retry: false })],
    controllers: [MediaController],
    providers: [{ provide: APP_FILTER, useClass: LLMExceptionFilter }],
  });

describe.each(platforms)("on %s, a StreamableFile", (platform) => {
  test("of a picture has its bytes, type, length and name", async () => {
    const { url } = await applicationOn(platform);
    const answer = await fetch(`${url}/picture`);
    expect(answer.headers.get("content-type")).toBe("image/png");
    expect(answer.headers.get("content-length")).toBe(String(PNG.length));
    expect(answer.headers.get("content-disposition")).toBe("attachment; filename*=UTF-8''tee%20%E8%8C%B6.png");
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(PNG);
  });

  test.each(["svg", "svg-in-capitals", "address", "silence"])(
    "is refused for what could do harm, or is not there (%s)",
    async (path) => {
      const { url } = await applicationOn(platform);
      const answer = await fetch(`${url}/${path}`);
      expect(answer.status).toBe(502);
      expect(await answer.json()).toMatchObject({ error: { code: "invalid_response" } });
    },
  );

  test("of an answer's sound has its bytes, type and length", async () => {
    const { url } = await applicationOn(platform);
    const answer = await fetch(`${url}/whole`);
    expect(answer.headers.get("content-type")).toBe("audio/wav");
    expect(answer.headers.get("content-length")).toBe("1000");
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(sound);
  });

  test("of sound that is still being said is told as it comes, wherever its base64 was cut", async () => {
    const last = Promise.withResolvers<void>();
    const { provider } = speaking([{ audio: { transcript: "Tea" } }, ...spoken([1, 7, 302, 303, 1_001])], last.promise);
    const { url } = await applicationOn(platform, provider);
    const answer = await post(`${url}/speech`);
    expect(answer.headers.get("content-type")).toBe("audio/mpeg");
    const reader = (answer.body as ReadableStream<Uint8Array>).getReader();
    const got: Uint8Array[] = [(await reader.read()).value ?? new Uint8Array()];
    expect(got[0]?.length).toBeGreaterThan(0);
    last.resolve();
    for (let turn = await reader.read(); !turn.done; turn = await reader.read()) got.push(turn.value);
    expect(Buffer.concat(got)).toEqual(sound);
  });

  test("of a stream without sound fails like any other handler", async () => {
    const { url } = await applicationOn(platform);
    expect((await post(`${url}/speech`)).status).toBe(502);
  });

  test("is broken off, and never looks whole, when its stream fails after the first sound", async () => {
    const failing = Promise.reject(new Error("upstream is gone"));
    failing.catch(() => {});
    const { provider } = speaking(spoken([8, 400]), failing);
    const { url } = await applicationOn(platform, provider);
    const answer = await post(`${url}/speech`);
    expect(answer.ok).toBe(true);
    await expect(answer.arrayBuffer()).rejects.toThrow();
  });

  test("stops upstream when its client leaves", async () => {
    const { provider, signals } = speaking(spoken([8, 400]), new Promise(() => {}));
    const { url } = await applicationOn(platform, provider);
    const answer = await post(`${url}/speech`);
    const reader = (answer.body as ReadableStream<Uint8Array>).getReader();
    await reader.read();
    const aborted = new Promise((resolve) => signals[0]?.addEventListener("abort", resolve));
    expect(signals[0]?.aborted).toBe(false);
    await reader.cancel();
    await aborted;
    expect(signals[0]?.aborted).toBe(true);
  });
});
