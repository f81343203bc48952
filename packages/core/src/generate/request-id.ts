const AT_ONCE = 128;
const BYTES = 16;
const CHARACTERS = 36;
const DIGITS = Buffer.from("0123456789abcdef", "latin1");
const DASH = 0x2d;

const random = new Uint8Array(BYTES * AT_ONCE);
const text = Buffer.alloc(CHARACTERS * AT_ONCE);
let next = text.length;

/** A random UUID. `crypto.randomUUID()` puts each together of twenty strings, which every request would leave behind. */
export function requestId(): string {
  if (next === text.length) writeIds();
  next += CHARACTERS;
  return text.toString("latin1", next - CHARACTERS, next);
}

function writeIds(): void {
  crypto.getRandomValues(random);
  let to = 0;
  for (let from = 0; from < random.length; from += 1) {
    const at = from % BYTES;
    let byte = random[from] as number;
    if (at === 6) byte = (byte & 0x0f) | 0x40;
    if (at === 8) byte = (byte & 0x3f) | 0x80;
    if (at === 4 || at === 6 || at === 8 || at === 10) text[to++] = DASH;
    text[to++] = DIGITS[byte >> 4] as number;
    text[to++] = DIGITS[byte & 15] as number;
  }
  next = 0;
}
