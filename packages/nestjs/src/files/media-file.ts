import { Readable } from "node:stream";
import { StreamableFile } from "@nestjs/common";
import { type GenerateResult, type GenerateStream, InvalidResponseError } from "@signalbox/core";

/** A picture of an answer, as results and `image` events have it. */
export type AnswerImage = GenerateResult["images"][number];

/** Sound of an answer, as results have it. */
export type AnswerAudio = NonNullable<GenerateResult["audio"]>;

/** What a browser is told about a file. */
export interface MediaFileOptions {
  /** Name under which it is saved; with it the browser saves instead of showing. @default shown, not saved */
  filename?: string | undefined;
}

const AUDIO_TYPES: Readonly<Record<string, string>> = {
  wav: "audio/wav",
  mp3: "audio/mpeg",
  flac: "audio/flac",
  opus: "audio/ogg",
  aac: "audio/aac",
  pcm16: "audio/L16;rate=24000;channels=1",
};

/**
 * A picture of an answer as a handler's return value, on Express and Fastify.
 *
 * Shape: the bytes with their length, and the type that the picture's data URL names.
 * Throws: `invalid_response` for a picture that is only an address, which is not fetched, or is no raster picture: an
 * SVG may hold scripts, which would run as yours.
 */
export function imageFile(image: AnswerImage, options: MediaFileOptions = {}): StreamableFile {
  const [, type, data] = /^data:(image\/[\w.+-]+);base64,(.*)$/s.exec(image.image_url?.url ?? "") ?? [];
  if (type === undefined || data === undefined || type.toLowerCase().includes("svg")) {
    throw new InvalidResponseError("invalid_response", "the picture is no raster picture in a data URL");
  }
  return new StreamableFile(Buffer.from(data, "base64"), { type, ...dispositionOf(options) });
}

/**
 * Sound as a handler's return value, on Express and Fastify: that of an answer, or of one that is still being said.
 *
 * Shape: an answer's sound comes with its length; a stream's as it arrives, its `format` as it was asked for.
 * Throws: an answer without sound is `invalid_response`. A stream that fails before its first sound fails the handler
 * like any other error; after it the answer is broken off.
 * Cancels: a client that leaves aborts the stream.
 */
export function audioFile(audio: AnswerAudio | undefined, options?: MediaFileOptions): StreamableFile;
export function audioFile(
  stream: GenerateStream,
  options: MediaFileOptions & { format: string },
): Promise<StreamableFile>;
export function audioFile(
  source: AnswerAudio | GenerateStream | undefined,
  options: MediaFileOptions & { format?: string } = {},
): StreamableFile | Promise<StreamableFile> {
  if (source !== undefined && "events" in source) return streamedAudio(source, options.format, options);
  if (source === undefined) throw new InvalidResponseError("invalid_response", "the answer has no sound");
  return fileOf(Buffer.from(source.data, "base64"), source.format, options);
}

async function streamedAudio(stream: GenerateStream, format: string | undefined, options: MediaFileOptions) {
  const sound = bytesOf(stream);
  // Waiting for the first bytes leaves failures before them to the exception filters.
  const first = await sound.next();
  if (first.done) throw new InvalidResponseError("invalid_response", "the answer has no sound");
  const whole = (async function* () {
    yield first.value;
    yield* sound;
  })();
  const readable = Readable.from(whole, { objectMode: false });
  // A generator lets nobody in while it waits for something.
  readable.once("close", () => {
    if (!readable.readableEnded) stream.abort("the reader has left");
  });
  return fileOf(readable, format, options);
}

/** Pieces of base64 end where they like; four characters make whole bytes. */
async function* bytesOf(stream: GenerateStream): AsyncGenerator<Buffer, void, void> {
  let rest = "";
  for await (const event of stream.events) {
    if (event.type !== "audio-delta" || event.data === undefined) continue;
    const text = rest + event.data;
    const whole = text.length - (text.length % 4);
    rest = text.slice(whole);
    if (whole > 0) yield Buffer.from(text.slice(0, whole), "base64");
  }
  if (rest !== "") yield Buffer.from(rest, "base64");
}

function fileOf(sound: Buffer | Readable, format: string | undefined, options: MediaFileOptions): StreamableFile {
  const headers = { type: AUDIO_TYPES[format ?? ""] ?? "application/octet-stream", ...dispositionOf(options) };
  return sound instanceof Readable ? new StreamableFile(sound, headers) : new StreamableFile(sound, headers);
}

function dispositionOf({ filename }: MediaFileOptions): { disposition?: string } {
  if (filename === undefined) return {};
  return { disposition: `attachment; filename*=UTF-8''${encodeURIComponent(filename)}` };
}
