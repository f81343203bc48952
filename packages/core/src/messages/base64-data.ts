/** The bytes as base64 text. */
export const toBase64 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");

/** The bytes as a data URL. */
export const toDataUrl = (bytes: Uint8Array, mediaType: string): string =>
  `data:${mediaType};base64,${toBase64(bytes)}`;

const SIGNATURES: readonly (readonly [mediaType: string, offset: number, bytes: string])[] = [
  ["image/png", 0, "\x89PNG"],
  ["image/jpeg", 0, "\xff\xd8\xff"],
  ["image/gif", 0, "GIF8"],
  ["image/webp", 8, "WEBP"],
  ["application/pdf", 0, "%PDF"],
];

/** The media type that the first bytes tell; undefined where they tell none that is known here. */
export function mediaTypeOf(bytes: Uint8Array): string | undefined {
  const head = Buffer.from(bytes.subarray(0, 12)).toString("latin1");
  return SIGNATURES.find(([, offset, signature]) => head.startsWith(signature, offset))?.[0];
}

/** True for a text that says where sound is, not what it is: base64 has no colon. */
export const isAudioAddress = (data: unknown): boolean => typeof data === "string" && data.slice(0, 200).includes(":");
