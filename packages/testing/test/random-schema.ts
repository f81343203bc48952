import { z } from "zod";
import { createRandom, type Random } from "../src/random/random.js";

const words = [
  "title",
  "slides",
  "summary",
  "price",
  "url",
  "tags",
  "author",
  "index",
  "notes",
  "color",
  "date",
  "kind",
  "items",
  "score",
  "name",
];

/** A random zod schema of an object: scalars with bounds, formats, enums, unions, arrays, tuples, records, nesting, recursion. */
export function randomSchema(seed: number): z.ZodType {
  return object(createRandom("schema", seed), 0);
}

function object(random: Random, depth: number): z.ZodType {
  const keys = new Set(Array.from({ length: random.integer(1, 6) }, () => random.pick(words)));
  const shape = Object.fromEntries([...keys].map((key) => [key, member(random, depth + 1)]));
  const made = z.object(shape);
  const kind = random.integer(0, 9);
  if (kind === 0) return made.strict();
  if (kind === 1) return made.catchall(z.number());
  return made;
}

function member(random: Random, depth: number): z.ZodType {
  const inner =
    depth > 3
      ? scalar(random)
      : random.pick([scalar, scalar, scalar, string, string, number, array, object, union, record, tuple, tree])(
          random,
          depth,
        );
  const wrap = random.integer(0, 9);
  if (wrap === 0) return inner.optional();
  if (wrap === 1) return inner.nullable();
  if (wrap === 2) return inner.describe(`The ${random.pick(words)} of it`);
  return inner;
}

function scalar(random: Random): z.ZodType {
  return random.pick<(from: Random) => z.ZodType>([
    string,
    number,
    () => z.boolean(),
    () => z.null(),
    (from) => z.literal(from.pick(["fixed", "other", 7, true])),
    (from) => z.enum(["low", "middle", "high"].slice(0, from.integer(1, 3)) as [string, ...string[]]),
    (from) => z.union([z.literal("a"), z.literal("b"), z.literal(from.integer(1, 9))]),
  ])(random);
}

function string(random: Random): z.ZodType {
  const min = random.integer(0, 30);
  return random.pick<() => z.ZodType>([
    () => z.string(),
    () => z.string().min(min),
    () => z.string().max(random.integer(1, 60)),
    () =>
      z
        .string()
        .min(min)
        .max(min + random.integer(0, 40)),
    () => z.string().length(random.integer(0, 24)),
    () =>
      z
        .string()
        .regex(
          random.pick([
            /^[a-z]+(-[a-z]+)*$/,
            /^#[0-9a-f]{6}$/i,
            /^\d{3}-\d{4}$/,
            /^(?:GET|POST) \/\w{1,8}$/,
            /^[^\s@]+@[a-z]{2,}\.(com|org)$/,
            /^v\d+\.\d+\.\d+$/,
            /^[A-Z]{2}\d{2,4}$/,
            /^\p{Lu}\p{Ll}+$/u,
          ]),
        ),
    () => z.string().startsWith(random.pick(["id_", "https://", "A"])),
    () => z.string().endsWith(random.pick([".png", "!", "_x"])),
    () => z.string().includes(random.pick(["-", "tea"])),
    () => z.string().trim().min(1),
    () => z.email(),
    () => z.url(),
    () => z.uuid(),
    () => z.iso.date(),
    () => z.iso.time(),
    () => z.iso.datetime(),
    () => z.iso.duration(),
    () => z.ipv4(),
    () => z.ipv6(),
    () => z.cidrv4(),
    () => z.base64(),
    () => z.nanoid(),
    () => z.cuid2(),
    () => z.ulid(),
    () => z.e164(),
    () => z.emoji(),
    () => z.jwt(),
    () => z.templateLiteral(["slide-", z.int().min(1).max(99)]),
  ])();
}

function number(random: Random): z.ZodType {
  const min = random.integer(-50, 50);
  const max = min + random.integer(1, 100);
  return random.pick<() => z.ZodType>([
    () => z.number(),
    () => z.int(),
    () => z.number().min(min).max(max),
    () => z.number().gt(min).lt(max),
    () => z.int().min(min).max(max),
    () =>
      z
        .int()
        .gt(min)
        .lt(min + 2),
    () => z.int().multipleOf(random.integer(2, 9)),
    () => z.number().multipleOf(0.05).min(0).max(10),
    () => z.number().nonnegative(),
    () => z.number().negative(),
    () => z.number().positive().max(0.5),
    () => z.int32(),
  ])();
}

function array(random: Random, depth: number): z.ZodType {
  const items = z.array(member(random, depth + 1));
  const min = random.integer(0, 4);
  return random.pick([
    items,
    items.min(min),
    items.max(random.integer(0, 4)),
    items.min(min).max(min + random.integer(0, 3)),
    items.length(random.integer(0, 4)),
    items.nonempty(),
  ]);
}

function union(random: Random, depth: number): z.ZodType {
  if (random.chance(0.5)) return z.union([scalar(random), object(random, depth + 1)]);
  const variant = (type: string) => z.object({ type: z.literal(type), value: scalar(random) });
  return z.discriminatedUnion("type", [variant("text"), variant("image"), variant("chart")]);
}

function record(random: Random): z.ZodType {
  const keys = random.pick<z.ZodType<string>>([z.string(), z.string().regex(/^[a-z]{3,8}$/), z.string().min(2)]);
  return random.chance(0.3)
    ? z.record(z.enum(["x", "y"]), scalar(random))
    : z.record(keys as z.ZodString, scalar(random));
}

function tuple(random: Random): z.ZodType {
  return random.chance(0.5) ? z.tuple([scalar(random), scalar(random)]) : z.tuple([scalar(random)], number(random));
}

interface Tree {
  title: string;
  children: Tree[];
  parent?: Tree | null | undefined;
}

function tree(): z.ZodType {
  const node: z.ZodType<Tree> = z.object({
    title: z.string(),
    get children() {
      return z.array(node);
    },
    get parent() {
      return node.nullable().optional();
    },
  });
  return node;
}
