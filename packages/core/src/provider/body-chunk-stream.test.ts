import { describe, expect, onTestFinished, test } from "vitest";
import { batchesOf } from "../../test/batches-of.js";
import { HandSource, transportRequest } from "../../test/byte-sinks.js";
import { httpLoopback } from "../../test/loopback.js";
import { ManualClock } from "../../test/manual-clock.js";
import { rejection } from "../../test/rejection.js";
import { transports } from "../../test/transports.js";
import { createError, extendError } from "../errors/error-classes.js";
import { systemClock } from "../http/clock.js";
import type { ByteSource } from "../http/transport.js";
import { BodyChunkStream } from "./body-chunk-stream.js";

function open<S extends ByteSource = HandSource>(source: S = new HandSource() as ByteSource as S) {
  const clock = new ManualClock();
  const stream = new BodyChunkStream({
    source,
    clock,
    status: 200,
    generationId: "gen-1",
    withHeaders: (error) => extendError(error, { generationId: "gen-1" }),
  });
  return { source, clock, stream };
}

const event = (id: string) => `data: {"id":"${id}"}\n\n`;

describe("arrays", () => {
  test("all pieces of one read are one array", async () => {
    const { source, stream } = open();
    const first = stream.next();
    source.feed(event("a") + event("b").slice(0, 5));
    source.feed(event("b").slice(5));
    source.feed(event("c"));
    expect((await first).value).toEqual([{ id: "a" }, { id: "b" }, { id: "c" }]);
  });

  test("F06 a read of comments is an empty array, a read of part of an event is none", async () => {
    const { source, stream } = open();
    const first = stream.next();
    source.feed(": OPENROUTER PROCESSING\n\n");
    expect((await first).value).toEqual([]);
    const second = stream.next();
    source.feed('data: {"id":');
    await Promise.resolve();
    source.feed('"a"}\n\n');
    expect((await second).value).toEqual([{ id: "a" }]);
  });

  test("F01 the first bytes may come one at a time", async () => {
    const { source, stream } = open();
    const reading = batchesOf(stream);
    for (const byte of Buffer.from(`\ufeff\r\n${event("a")}data: [DONE]\n\n`)) {
      source.sink?.onBytes(Uint8Array.of(byte));
      await Promise.resolve();
    }
    expect((await reading).flat()).toEqual([{ id: "a" }]);
  });
});

describe("reading ahead", () => {
  test("F34 nothing is read before the first pull", () => {
    const { source, stream } = open();
    expect([source.started, stream.done]).toEqual([false, false]);
  });

  test("F30 the source is held back beyond 64 KiB, and let go by the next pull", async () => {
    const { source, stream } = open();
    const first = stream.next();
    source.feed(event("a"));
    await first;
    const padding = event("x".repeat(1_000));
    for (let bytes = 0; bytes <= 64 * 1024; bytes += padding.length) {
      expect(source.paused).toBe(false);
      source.feed(padding);
    }
    expect(source.paused).toBe(true);
    expect((await stream.next()).value?.length).toBe(Math.floor((64 * 1024) / padding.length) + 1);
    expect(source.paused).toBe(false);
  });

  test("a source that delivers and ends inside resume() is not waited for", async () => {
    const { source, stream } = open();
    const first = stream.next();
    source.feed(event("a"));
    await first;
    source.feed(event("x".repeat(70_000)));
    source.onResume = () => {
      source.onResume = undefined;
      source.feed(event("last"));
      source.sink?.onEnd();
    };
    expect((await stream.next()).value?.at(-1)).toEqual({ id: "last" });
    expect((await stream.next()).done).toBe(true);
  });

  test("a pull is not left waiting on a source that its own resume() made deliver part of a large event", async () => {
    const { source, stream } = open();
    const first = stream.next();
    source.feed(event("a"));
    await first;
    const large = event("x".repeat(200_000));
    source.feed(large.slice(0, 70_000));
    expect(source.paused).toBe(true);
    source.onResume = () => source.feed(large.slice(70_000, 140_000));
    const pulled = stream.next();
    expect(source.paused).toBe(false);
    source.feed(large.slice(140_000));
    expect((await pulled).value).toEqual([{ id: "x".repeat(200_000) }]);
  });

  test("a large event arrives through a dispatcher that was held back in the middle of it", async () => {
    const large = event("x".repeat(4_000_000));
    const { url } = await httpLoopback((_, response) => {
      response.write(event("a"));
      response.end(large);
    });
    const transport = await transports.dispatcher(systemClock);
    onTestFinished(() => transport.close?.());
    const { source } = await transport(transportRequest(url));
    const held = Promise.withResolvers<void>();
    const watched: ByteSource = {
      start: (sink) => source.start(sink),
      pause() {
        source.pause();
        held.resolve();
      },
      resume: () => source.resume(),
      destroy: () => source.destroy(),
    };
    const { stream } = open(watched);
    const found = [...((await stream.next()).value ?? [])];
    await held.promise;
    for await (const batch of stream) found.push(...batch);
    expect(found.map(({ id }) => id?.length)).toEqual([1, 4_000_000]);
  });

  test("two pulls at once are refused", async () => {
    const { source, stream } = open();
    const first = stream.next();
    expect((await rejection(stream.next())).code).toBe("invalid_request");
    source.feed(event("a"));
    expect((await first).value).toEqual([{ id: "a" }]);
  });
});

describe("ends", () => {
  test("F12 an unterminated last event is delivered, then the end", async () => {
    const { source, stream } = open();
    const reading = batchesOf(stream);
    source.feed(`${event("a")}data: {"id":"b"}`);
    source.sink?.onEnd();
    expect([(await reading).flat(), stream.done]).toEqual([[{ id: "a" }, { id: "b" }], false]);
  });

  test("F22 what came before a failure is delivered before it, once", async () => {
    const { source, stream } = open();
    const first = stream.next();
    source.feed(event("a"));
    source.sink?.onError(createError("stream_truncated", "stream ended unexpectedly"));
    expect((await first).value).toEqual([{ id: "a" }]);
    expect(await rejection(stream.next())).toMatchObject({ code: "stream_truncated", generationId: "gen-1" });
    expect([(await stream.next()).done, source.destroyed]).toEqual([true, true]);
  });

  test("F15 an unreadable event closes the connection, after what came before it", async () => {
    const { source, stream } = open();
    const first = stream.next();
    source.feed(`${event("a")}data: {broken\n\n${event("b")}`);
    expect((await first).value).toEqual([{ id: "a" }]);
    expect((await rejection(stream.next())).code).toBe("invalid_response");
    expect(source.destroyed).toBe(true);
  });

  test("F19 F32 after an abort nothing that waits is delivered", async () => {
    const { source, stream } = open();
    const first = stream.next();
    source.feed(event("a"));
    await first;
    source.feed(event("b"));
    source.sink?.onError(createError("aborted", "aborted"));
    expect((await rejection(stream.next())).code).toBe("aborted");
  });
});

describe("after [DONE]", () => {
  const finished = async () => {
    const opened = open();
    const reading = batchesOf(opened.stream);
    opened.source.feed(`${event("a")}data: [DONE]\n\n`);
    expect([(await reading).flat(), opened.stream.done]).toEqual([[{ id: "a" }], true]);
    return opened;
  };

  test("F13 the body is read on for a short time, then closed; close() does not cut that short", async () => {
    const { source, clock, stream } = await finished();
    stream.close();
    source.feed(event("late"));
    expect(source.destroyed).toBe(false);
    expect(clock.pending).toEqual([250]);
    clock.advance(250);
    expect(source.destroyed).toBe(true);
  });

  test("a body whose [DONE] came with much behind it inside resume() is read on to its end", async () => {
    const { source, clock, stream } = open();
    const first = stream.next();
    source.feed(event("a"));
    await first;
    source.feed(event("x".repeat(70_000)));
    source.onResume = () => source.feed(`data: [DONE]\n\n: ${"x".repeat(70_000)}`);
    await stream.next();
    expect([(await stream.next()).done, stream.done, source.paused]).toEqual([true, true, false]);
    source.sink?.onEnd();
    expect([source.destroyed, clock.pending]).toEqual([false, []]);
  });

  test("a body that ends by itself leaves no timer", async () => {
    const { source, clock } = await finished();
    source.sink?.onEnd();
    expect(clock.pending).toEqual([]);
  });

  test("a body that goes on and on is closed", async () => {
    const { source, clock } = await finished();
    for (let round = 0; round < 5; round += 1) source.feed("x".repeat(64 * 1024));
    expect([source.destroyed, clock.pending]).toEqual([true, []]);
  });
});
