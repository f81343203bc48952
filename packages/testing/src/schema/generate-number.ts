import type { JsonObject } from "../json.js";
import { promptNumber } from "../text/prompt-numbers.js";
import type { Generation, Place } from "./generation.js";
import { asNumber } from "./json-schema.js";

// What zod writes for a plain integer; it says nothing about the size that is meant.
const widest = Number.MAX_SAFE_INTEGER;

/** A number within its bounds: the prompt's own where it names one, else one that fits the property's name. */
export function generateNumber(schema: JsonObject, place: Place, generation: Generation): number {
  const integer =
    schema.type === "integer" ||
    (Array.isArray(schema.type) && schema.type.includes("integer") && !schema.type.includes("number"));
  const step = asNumber(schema.multipleOf) ?? (integer ? 1 : undefined);
  const whole = step !== undefined && Number.isInteger(step);
  const margin = whole ? 1 : 1e-6;
  const low = Math.max(asNumber(schema.minimum) ?? -widest, (asNumber(schema.exclusiveMinimum) ?? -widest) + margin);
  const high = Math.min(asNumber(schema.maximum) ?? widest, (asNumber(schema.exclusiveMaximum) ?? widest) - margin);
  const fits = (value: number): boolean =>
    value >= low &&
    value <= high &&
    (step === undefined || isMultiple(value, step)) &&
    (!integer || Number.isInteger(value));

  for (const candidate of suggestions(place, generation, integer)) if (fits(candidate)) return candidate;
  const from = low <= -widest ? Math.min(1, high > -widest ? high - 100 : 1) : low;
  const to = high >= widest ? Math.max(from + 100, 100) : high;
  if (step === undefined) return decimal(from + generation.random.next() * (to - from), from, to);
  const first = Math.ceil(from / step - 1e-9);
  const last = Math.max(first, Math.floor(to / step + 1e-9));
  const value = Number(
    (generation.random.integer(first, Math.min(last, first + 1_000_000)) * step).toFixed(decimals(step)),
  );
  return integer ? Math.round(value) : value;
}

function* suggestions(
  place: Place,
  { random, prompt, literal, numbersLeft }: Generation,
  integer: boolean,
): Generator<number> {
  const { name } = place;
  const position = /(?:^|_)(?:index|idx)$/i.test(name) ? 0 : 1;
  if (
    place.index !== undefined &&
    /(?:^|_)(?:index|idx|number|no|num|page|order|position|rank|id|slide_?number|page_?number)$/i.test(name)
  ) {
    yield place.index + position;
  }
  const said = promptNumber(prompt, name);
  if (said !== undefined) yield said;
  if (literal && numbersLeft.length > 0) yield numbersLeft.shift() as number;
  if (/year/i.test(name)) yield random.integer(2019, 2027);
  if (/percent|pct|share/i.test(name)) yield random.integer(3, 96);
  if (/confidence|probability|score|weight|ratio/i.test(name) && !integer) yield random.integer(5, 98) / 100;
  if (/price|cost|amount|total/i.test(name) && !integer) yield random.integer(199, 99_900) / 100;
  if (/rating|stars/i.test(name)) yield random.integer(1, 5);
  if (/minutes?|duration/i.test(name)) yield random.integer(2, 45);
  if (/^age$/i.test(name)) yield random.integer(19, 78);
  yield integer ? random.integer(1, 60) : random.integer(10, 9000) / 100;
}

function isMultiple(value: number, step: number): boolean {
  const quotient = value / step;
  return Math.abs(quotient - Math.round(quotient)) < 1e-9;
}

function decimals(step: number): number {
  const [mantissa = "", exponent = "0"] = String(step).split("e");
  return Math.min(100, Math.max(0, (mantissa.split(".")[1]?.length ?? 0) - Number(exponent)));
}

/** Two decimals where they stay inside the bounds, else the exact value. */
function decimal(value: number, from: number, to: number): number {
  const rounded = Math.round(value * 100) / 100;
  return rounded >= from && rounded <= to ? rounded : value;
}
