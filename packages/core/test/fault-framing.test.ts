import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { describe, expect, test } from "vitest";
import type { LLMClient, StreamEvent } from "../src/index.js";
import { countedWork } from "./counted-work.js";
import { rejection } from "./rejection.js";
import { turnOfTheLoop } from "./scripted-client.js";
import { events, textChunk, upstream } from "./upstream.js";

const finish = { choices: [{ index: 0, delta: {}, finish_reason: "stop" }] };
const usage = { choices: [], usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5, cost: 0.25 } };
const data = (chunk: object) => `data: ${JSON.stringify(chunk)}\n\n`;

async function drainedOrClosed(response: ServerResponse): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  response.once("drain", resolve).once("close", resolve);
  await promise;
  response.off("drain", resolve).off("close", resolve);
}

/** A client of a server whose answer to every request is this body. */
async function streaming(body: string | ((response: ServerResponse) => unknown)) {
  return upstream(
    (_seen, response) => {
      events(response);
      return typeof body === "string" ? response.end(body) : body(response);
    },
    { retry: false },
  );
}
const ask = (llm: LLMClient) => llm.stream({ prompt: "x" }).result;

describe("where a stream ends", () => {
  test("F10 a finish word without [DONE] is an end", async () => {
    const { llm } = await streaming(data(textChunk("hi")) + data(finish));
    expect(await ask(llm)).toMatchObject({ text: "hi", finishReason: "stop", rawFinishReason: "stop" });
  });

  test("F11 neither a finish word nor [DONE] is a cut stream with what had come; [DONE] alone is an end", async () => {
    const cut = await streaming(data(textChunk("hi")));
    const error = await rejection(ask(cut.llm));
    expect(error).toMatchObject({ code: "stream_truncated", detail: "stream ended unexpectedly", retryable: false });
    expect(error.partial).toMatchObject({ text: "hi" });
    const ended = await streaming(`${data(textChunk("hi"))}data: [DONE]\n\n`);
    expect(await ask(ended.llm)).toMatchObject({ text: "hi", finishReason: "unknown" });
  });

  test("F12 usage and finish word of a last event without a blank line count", async () => {
    const last = { ...finish, usage: usage.usage };
    const { llm } = await streaming(data(textChunk("hi")) + data(last).trimEnd());
    expect(await ask(llm)).toMatchObject({ text: "hi", finishReason: "stop", usage: { totalTokens: 5 } });
  });

  test("F13 what stands behind [DONE] is no part of the answer", async () => {
    const { llm } = await streaming(`${data(textChunk("hi"))}${data(finish)}data: [DONE]\n\n${data(textChunk("!"))}`);
    expect((await ask(llm)).text).toBe("hi");
  });

  test("F14 F01 cut at any byte, a stream is whole or a cut one, and never something else", async () => {
    const body = `: hi\n\n${data(textChunk("Grüße "))}${data(textChunk("🌍"))}${data(finish)}data: [DONE]\n\n`;
    const bytes = Buffer.from(body);
    const whole = Buffer.byteLength(body.slice(0, body.indexOf('"stop"}]}') + '"stop"}]}'.length));
    const { llm } = await upstream(
      ({ body: { max_tokens: length } }, response) => {
        events(response);
        response.end(bytes.subarray(0, Number(length)));
      },
      { retry: false },
    );
    const read = async (length: number) => {
      const stream = llm.stream({ prompt: "x", maxTokens: length });
      if (length >= whole) return (await stream.result).text === "Grüße 🌍";
      const { code, partial } = await rejection(stream.result);
      const text: string = partial?.text ?? "";
      return ["stream_truncated", "empty_response"].includes(code) && ["", "Grüße ", "Grüße 🌍"].includes(text);
    };
    const wrong: number[] = [];
    for (let from = 1; from <= bytes.length; from += 16) {
      const lengths = Array.from({ length: Math.min(16, bytes.length - from + 1) }, (_, index) => from + index);
      const right = await Promise.all(lengths.map(read));
      wrong.push(...lengths.filter((_length, index) => !right[index]));
    }
    expect(wrong).toEqual([]);
  });

  test("F15 an event that cannot be read ends the stream, keeps the text, and is quoted nowhere", async () => {
    const { llm } = await streaming(`${data(textChunk("hi"))}data: {"choices": sesame}\n\n${data(finish)}`);
    const error = await rejection(ask(llm));
    expect([error.code, error.retryable, error.partial?.text]).toEqual(["invalid_response", false, "hi"]);
    expect(`${JSON.stringify(error)}${error.stack}`).not.toContain("sesame");
  });
});

test("F19 nothing is handed over after an abort, be it here already or still to come", async () => {
  const opened = Promise.withResolvers<ServerResponse>();
  const { llm } = await streaming((response) => opened.resolve(response));
  const stream = llm.stream({ prompt: "x" });
  const closed = opened.promise.then((response) => once(response, "close"));
  const response = await opened.promise;
  response.write(Array.from({ length: 50 }, (_, index) => data(textChunk(`${index} `))).join(""));
  const after: StreamEvent[] = [];
  let aborted = false;
  const reading = (async () => {
    for await (const event of stream.events) {
      if (aborted) after.push(event);
      if (event.type !== "text-delta" || aborted) continue;
      stream.abort("enough");
      aborted = true;
      for (let index = 0; index < 100; index += 1) response.write(data(textChunk("late")));
    }
  })();
  expect((await rejection(reading)).code).toBe("aborted");
  await closed;
  expect(after).toEqual([]);
});

describe("large answers", () => {
  const image = (bytes: number) => ({
    choices: [
      {
        index: 0,
        delta: { images: [{ type: "image_url", image_url: { url: `data:image/png;base64,${"A".repeat(bytes)}` } }] },
      },
    ],
  });
  const inPieces = (body: string) => async (response: ServerResponse) => {
    const bytes = Buffer.from(body);
    for (let at = 0; at < bytes.length && !response.destroyed; at += 16_384) {
      if (!response.write(bytes.subarray(at, at + 16_384))) await drainedOrClosed(response);
    }
    response.end();
  };
  const workOf = async (body: string, check: (llm: LLMClient) => Promise<void>) => {
    const { llm } = await streaming(inPieces(body));
    return countedWork(() => check(llm));
  };

  test("F16 an event of 5 MB in small reads is read once, and one of 10 MB costs twice as much", async () => {
    const work = (bytes: number) =>
      workOf(data(image(bytes)) + data(finish), async (llm) => {
        const { images } = await ask(llm);
        expect(images[0]?.image_url?.url.length).toBeGreaterThan(bytes);
      });
    const five = await work(5_000_000);
    expect(five).toBeLessThan(5_000_000 * 10);
    expect((await work(10_000_000)) / five).toBeLessThan(3);
  });

  test("F16 an event of more than 64 MiB is refused, and its connection closed", async () => {
    const closed = Promise.withResolvers<void>();
    const piece = Buffer.alloc(1024 * 1024, 65);
    const { llm } = await streaming(async (response) => {
      response.on("close", () => closed.resolve());
      response.write('data: {"x":"');
      for (let megabytes = 0; megabytes < 80 && !response.destroyed; megabytes += 1) {
        if (!response.write(piece)) await drainedOrClosed(response);
      }
      response.end('"}\n\n');
    });
    const error = await rejection(ask(llm));
    await closed.promise;
    expect([error.code, error.detail]).toEqual(["invalid_response", expect.stringContaining("too large")]);
  });

  test("F17 100,000 deltas cost twice what 50,000 do, and few operations a character", async () => {
    const work = async (count: number) => {
      const body = data(textChunk("word ")).repeat(count) + data(finish);
      const counted = await workOf(body, async (llm) => {
        let deltas = 0;
        const stream = llm.stream({ prompt: "x" });
        for await (const text of stream) deltas += text.length / 5;
        expect([deltas, (await stream.result).text.length]).toEqual([count, count * 5]);
      });
      return [counted, counted / body.length];
    };
    const [fifty = 0] = await work(50_000);
    const [hundred = 0, perCharacter] = await work(100_000);
    expect(hundred / fifty).toBeLessThan(2.6);
    expect(perCharacter).toBeLessThan(10);
  });

  test("F30 a reader that stops holds the server back, and goes on whole", async () => {
    const piece = data(textChunk("x".repeat(1_000))).repeat(64);
    const pieces = 1_000;
    let written = 0;
    const { llm } = await streaming(async (response) => {
      for (; written < pieces; written += 1) if (!response.write(piece)) await drainedOrClosed(response);
      response.end(data(finish));
    });
    const reader = llm.stream({ prompt: "x" })[Symbol.asyncIterator]();
    let length = (await reader.next()).value?.length ?? 0;
    for (let still = 0, before = -1; still < 200; still = written === before ? still + 1 : 0) {
      before = written;
      await turnOfTheLoop();
    }
    // What stands in the buffers of the machine's sockets counts as well: some megabytes of 70.
    expect(written).toBeLessThan(pieces / 4);
    for (let next = await reader.next(); !next.done; next = await reader.next()) length += next.value.length;
    expect(length).toBe(pieces * 64_000);
  });
});
