import { describe, expect, test } from "vitest";
import { EventDecoder } from "./event-decoder.js";

function read(text: string, maxEventBytes = 1_000) {
  const decoder = new EventDecoder(maxEventBytes);
  return { decoder, chunks: [...decoder.decode([Buffer.from(text)]), ...decoder.end()] };
}

describe("what a body is told by", () => {
  test("nothing was read yet", () => {
    const { recognised, commented, done, failure } = new EventDecoder(1_000);
    expect([recognised, commented, done, failure]).toEqual([false, false, false, undefined]);
  });
  test.each([":", ": hi", "data: {}", "data", "data:", "event: x", "event:", "id: 1", "id:", "retry: 1", "retry:"])(
    "%j is a line of an event stream",
    (line) => {
      const { decoder } = read(`${line}\n`);
      expect([decoder.recognised, decoder.commented]).toEqual([true, line.startsWith(":")]);
    },
  );
  test.each([
    "",
    "foo: bar",
    "datax: {}",
    "dat: {}",
    "d",
    " data: {}",
    "events: x",
    "idx: 1",
    "retrying",
    "<html>",
    "{}",
  ])("%j is none", (line) => {
    const { decoder } = read(`${line}\n`);
    expect([decoder.recognised, decoder.commented]).toEqual([false, false]);
  });
});

describe("fields", () => {
  test("unknown ones are not read, whatever their name is like", () => {
    for (const field of ["name", "dxyz", "topic", "x", "Data", "text"]) {
      expect(read(`${field}:{"id":"x"}\n\n`).chunks, field).toEqual([]);
      expect(read(`${field}:error\n${field}:xerror\ndata: {"id":"x"}\n\n`).chunks, field).toEqual([{ id: "x" }]);
    }
  });
  test("data of several lines, empty ones too, is joined by line ends", () => {
    expect(read("event: error\ndata: a\ndata\ndata:\ndata: b\ndata:c\ndata\n\n").chunks).toEqual([
      { error: "a\n\n\nb\nc\n" },
    ]);
    expect(read("event: error\ndata\n foo\n\n").chunks).toEqual([]);
    expect(read("event: error\ndata: a\ndata\n foo\n\n").chunks).toEqual([{ error: "a\n" }]);
  });
  test("the name of an event holds for that event only", () => {
    expect(read('event: error\n\ndata: {"id":"x"}\n\n').chunks).toEqual([{ id: "x" }]);
    expect(read('event: error\nevent: other\ndata: {"id":"x"}\n\n').chunks).toEqual([{ id: "x" }]);
    expect(read('event:error\ndata: {"error":null}\n\n').chunks).toEqual([{ error: { error: null } }]);
  });
});

describe("the longest event", () => {
  const bound = 20;
  const failure = (...reads: string[]) => {
    const decoder = new EventDecoder(bound);
    for (const text of reads) decoder.decode([Buffer.from(text)]);
    return decoder.failure?.detail;
  };
  test("is as long as the bound, held or in lines", () => {
    expect(failure("x".repeat(bound))).toBeUndefined();
    expect(failure("x".repeat(bound), "x")).toBe("an event of the stream is too large: more than 20 bytes");
    expect(failure(`data:${"x".repeat(15)}\n`, "x".repeat(5))).toBeUndefined();
    expect(failure(`data:${"x".repeat(15)}\n`, "x".repeat(6))).toContain("too large");
    expect(failure(`data:${"x".repeat(10)}\ndata:${"x".repeat(10)}\n`, "x")).toContain("too large");
  });
  test("counts from each event anew", () => {
    expect(failure('data: {"a":"bcdef"}\n\n', "x".repeat(bound))).toBeUndefined();
    expect(failure('data: {"a":\ndata: "bcd"}\n\n', "x".repeat(bound))).toBeUndefined();
  });
  test("after a failure nothing more is read", () => {
    const decoder = new EventDecoder(bound);
    decoder.decode([Buffer.from("x".repeat(21))]);
    expect([decoder.decode([Buffer.from('\n\ndata: {"a":1}\n\n')]), decoder.end()]).toEqual([[], []]);
    expect(decoder.failure?.code).toBe("invalid_response");
  });
});
