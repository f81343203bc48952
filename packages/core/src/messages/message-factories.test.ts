import { describe, expect, test } from "vitest";
import { InvalidRequestError } from "../errors/error-classes.js";
import { audioPart, filePart, imagePart, textPart, toolMessage, videoPart } from "./message-factories.js";

const ascii = (text: string) => new Uint8Array(Buffer.from(text, "latin1"));
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64");
const PNG = ascii("\x89PNG\r\n\x1a\nrest");

describe("pictures", () => {
  test("by their address, as text or URL", () => {
    const url = "https://example.org/a.png";
    expect(imagePart(url)).toEqual({ type: "image_url", image_url: { url } });
    expect(imagePart(new URL(url), { detail: "low" })).toEqual({
      type: "image_url",
      image_url: { url, detail: "low" },
    });
    expect(imagePart("data:image/gif;base64,AAAA").image_url.url).toBe("data:image/gif;base64,AAAA");
  });

  test.each([
    ["image/png", PNG],
    ["image/jpeg", ascii("\xff\xd8\xff\xe0")],
    ["image/gif", ascii("GIF89a")],
    ["image/webp", ascii("RIFF\x01\x02\x03\x04WEBPVP8 ")],
    ["image/png", ascii("?")],
  ])("as bytes: %s", (mediaType, bytes) => {
    expect(imagePart(bytes).image_url.url).toBe(`data:${mediaType};base64,${base64(bytes)}`);
    expect(imagePart(bytes, { mediaType: "image/avif" }).image_url.url).toMatch(/^data:image\/avif;/);
  });

  test("a view of a larger buffer gives its own bytes only", () => {
    const large = Buffer.from("....GIF89a....");
    expect(imagePart(large.subarray(4, 10)).image_url.url).toBe(`data:image/gif;base64,${base64(ascii("GIF89a"))}`);
  });
});

describe("documents", () => {
  test("by address, by id and as bytes", () => {
    expect(filePart("https://example.org/a.pdf", { filename: "a.pdf" })).toEqual({
      type: "file",
      file: { filename: "a.pdf", file_data: "https://example.org/a.pdf" },
    });
    expect(filePart({ id: "file-1" })).toEqual({ type: "file", file: { file_id: "file-1" } });
    expect(filePart(ascii("%PDF-1.7")).file.file_data).toMatch(/^data:application\/pdf;base64,/);
    expect(filePart(PNG).file.file_data).toMatch(/^data:image\/png;/);
    expect(filePart(ascii("a,b"), { mediaType: "text/csv" }).file.file_data).toBe("data:text/csv;base64,YSxi");
  });
});

describe("sound and video", () => {
  test("sound is its base64 text, however it comes", () => {
    const part = { type: "input_audio", input_audio: { data: "YWI=", format: "wav" } };
    expect([
      audioPart("YWI=", "wav"),
      audioPart(ascii("ab"), "wav"),
      audioPart("data:audio/wav;base64,YWI=", "wav"),
    ]).toEqual([part, part, part]);
  });

  test("a video is an address or bytes", () => {
    expect(videoPart("https://example.org/a.mp4")).toEqual({
      type: "video_url",
      video_url: { url: "https://example.org/a.mp4" },
    });
    expect(videoPart(ascii("ab")).video_url.url).toBe("data:video/mp4;base64,YWI=");
    expect(videoPart(ascii("ab"), { mediaType: "video/webm" }).video_url.url).toBe("data:video/webm;base64,YWI=");
  });
});

test.each([
  ["a path", () => imagePart("./a.png")],
  ["base64 text", () => imagePart("iVBORw0KGgo=")],
  ["a path with a drive", () => imagePart("C:\\pictures\\a.png")],
  ["the address of a file of this machine", () => imagePart(new URL("file:///tmp/a.png"))],
  ["a path of a document", () => filePart("/tmp/a.pdf")],
  ["a path of a video", () => videoPart("a.mp4")],
  ["sound by its address", () => audioPart("https://example.org/a.mp3", "mp3")],
  ["a data URL without base64", () => audioPart("data:audio/wav,ab", "wav")],
])("%s is refused, with what to do", (_what, make) => {
  expect(make).toThrow(InvalidRequestError);
  expect(make).toThrow(
    expect.objectContaining({ code: "invalid_request", hint: expect.stringContaining("read the file") }),
  );
});

test("any part may end a prefix that is cached", () => {
  const cache = { type: "ephemeral", ttl: "1h" } as const;
  const parts = [
    textPart("long", { cache }),
    imagePart(PNG, { cache }),
    filePart(PNG, { cache }),
    audioPart(PNG, "wav", { cache }),
    videoPart(PNG, { cache }),
  ];
  expect(parts.map((part) => part.cache_control)).toEqual(parts.map(() => cache));
  expect(textPart("short")).toEqual({ type: "text", text: "short" });
});

test("an answer of a tool is text: a string as it is, everything else as JSON", () => {
  expect(["x", { a: 1 }, undefined].map((answer) => toolMessage("call_1", answer).content)).toEqual([
    "x",
    '{"a":1}',
    "null",
  ]);
});
