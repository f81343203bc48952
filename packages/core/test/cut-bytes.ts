/** `bytes` in pieces of one size. */
export function cutInto(bytes: Buffer, size: number): Buffer[] {
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size));
  return pieces;
}

/** `bytes` in pieces of the given sizes; what they leave over is the last piece. */
export function cutAfter(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const pieces: Buffer[] = [];
  let start = 0;
  for (const size of sizes) {
    if (start >= bytes.length) break;
    pieces.push(bytes.subarray(start, start + size));
    start += size;
  }
  if (start < bytes.length) pieces.push(bytes.subarray(start));
  return pieces;
}
