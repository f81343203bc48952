import fc from "fast-check";

/** Any character of Unicode. fast-check's own `binary` is the same and takes more than a second to set up. */
export const anyCharacter = fc
  .oneof(fc.integer({ min: 0, max: 0xd7ff }), fc.integer({ min: 0xe000, max: 0x10ffff }))
  .map((code) => String.fromCodePoint(code));
