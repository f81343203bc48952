/** One reply: clients decode the two protocols of Redis into different things, and all of them become this. */
export type RedisReply = string | number | null | RedisReply[];

/**
 * A reply as the older protocol has it: text, whole numbers, null and lists. A map becomes the flat list of its keys and
 * values, except for XREAD, whose streams are pairs in a list; truth becomes 1 or 0.
 */
export function plainReply(reply: unknown, command = ""): RedisReply {
  const plain = flat(reply);
  // A client that flattens maps itself gives the streams of XREAD without their pairs.
  if (!/^xread/i.test(command) || !Array.isArray(plain) || typeof plain[0] !== "string") return plain;
  return Array.from({ length: plain.length / 2 }, (_, at) => plain.slice(at * 2, at * 2 + 2));
}

function flat(reply: unknown): RedisReply {
  if (typeof reply === "string") return reply;
  if (typeof reply === "number") return Number.isInteger(reply) ? reply : String(reply);
  if (reply === null || reply === undefined) return null;
  if (typeof reply === "boolean") return reply ? 1 : 0;
  if (typeof reply === "bigint") return Number.isSafeInteger(Number(reply)) ? Number(reply) : String(reply);
  if (Array.isArray(reply) || reply instanceof Set) return Array.from(reply as Iterable<unknown>, flat);
  if (reply instanceof Uint8Array) return Buffer.from(reply).toString();
  const pairs: unknown[] = reply instanceof Map ? [...reply] : Object.entries(reply as object);
  return (pairs as unknown[][]).flat().map(flat);
}
