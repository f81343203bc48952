import { onTestFinished } from "vitest";

type Cost<T> = (self: T, given: readonly unknown[], result: unknown) => number;

/**
 * Counts the bytes and characters that searching, joining, decoding and parsing go through while `work` runs: how much
 * is done, whatever the machine's speed. Node's own code keeps the originals and is not counted.
 */
export async function countedWork(work: () => Promise<void>): Promise<number> {
  let total = 0;
  const count = <T extends object>(owner: T, name: string, cost: Cost<T>) =>
    replaceMethod(owner, name, (self: T, given, result) => {
      total += cost(self, given, result);
    });
  const undo = [
    count(String.prototype, "indexOf", (text, [, from], at) => scanned(text.length, from, at)),
    count(String.prototype, "includes", (text) => text.length),
    count(String.prototype, "split", (text) => text.length),
    count(String.prototype, "replace", (text) => text.length),
    count(Buffer.prototype, "indexOf", (bytes, [, from], at) => scanned(bytes.length, from, at)),
    count(Buffer.prototype, "lastIndexOf", (bytes, _given, at) => bytes.length - Math.max(0, Number(at))),
    count(Uint8Array.prototype, "indexOf", (bytes, [, from], at) => scanned(bytes.length, from, at)),
    count(Uint8Array.prototype, "lastIndexOf", (bytes, _given, at) => bytes.length - Math.max(0, Number(at))),
    count(Buffer.prototype, "toString", (_bytes, _given, text) => String(text).length),
    count(Buffer.prototype, "latin1Slice" as never, (_bytes, _given, text) => String(text).length),
    count(Buffer.prototype, "utf8Slice" as never, (_bytes, _given, text) => String(text).length),
    count(TextDecoder.prototype, "decode", (_decoder, _given, text) => String(text).length),
    count(Buffer, "concat", (_class, _given, joined) => (joined as Uint8Array).length),
    count(JSON, "parse", (_json, [text]) => String(text).length),
  ];
  const restore = () => {
    for (const restoreOne of undo.splice(0)) restoreOne();
  };
  onTestFinished(restore);
  await work();
  restore();
  return total;
}

/** Puts `seen` behind a method; the given function takes it away again. */
function replaceMethod<T extends object>(
  owner: T,
  name: string,
  seen: (self: T, given: readonly unknown[], result: unknown) => void,
): () => void {
  const before = Object.getOwnPropertyDescriptor(owner, name);
  const original = Reflect.get(owner, name) as (...given: unknown[]) => unknown;
  const value = function counting(this: T, ...given: unknown[]): unknown {
    const result = original.apply(this, given);
    seen(this, given, result);
    return result;
  };
  Object.defineProperty(owner, name, { configurable: true, writable: true, value });
  return () => {
    if (before === undefined) Reflect.deleteProperty(owner, name);
    else Object.defineProperty(owner, name, before);
  };
}

function scanned(length: number, from: unknown, at: unknown): number {
  const start = typeof from === "number" ? from : 0;
  return Math.max(0, (at === -1 ? length : Number(at)) - start);
}
