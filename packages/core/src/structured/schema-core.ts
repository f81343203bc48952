import type { Validation } from "./issue.js";
import { checkSchema } from "./json-schema/check-schema.js";
import { isDeeperThan } from "./json-schema/is-deeper-than.js";
import { stripNulls } from "./json-schema/strip-nulls.js";
import { objectRoot } from "./object-root.js";
import type { JsonSchema } from "./schema.js";
import { toStrictSchema } from "./strict-schema.js";

const DEEPEST_ANSWER = 256;

/** Judges a value that has left its wrapper. */
export type Judge = (value: unknown) => Validation | Promise<Validation>;

/** What a schema is, whatever it is called in a request. */
export class SchemaCore {
  readonly jsonSchema: JsonSchema;
  readonly wrapped: boolean;
  readonly #inner: JsonSchema;
  readonly #judge: Judge;
  #strict: { schema: JsonSchema | undefined } | undefined;

  /** @param judgeBy - makes the judge from the schema before wrapping */
  constructor(schema: JsonSchema, judgeBy: (inner: JsonSchema) => Judge) {
    checkSchema(schema);
    const { jsonSchema, inner, wrapped } = objectRoot(schema);
    this.jsonSchema = jsonSchema;
    this.wrapped = wrapped;
    this.#inner = inner;
    this.#judge = judgeBy(inner);
  }

  get strictSchema(): JsonSchema | undefined {
    this.#strict ??= { schema: toStrictSchema(this.jsonSchema) };
    return this.#strict.schema;
  }

  async validate(value: unknown): Promise<Validation> {
    if (isDeeperThan(value, DEEPEST_ANSWER)) return wrong(`is nested deeper than ${DEEPEST_ANSWER} levels`);
    if (!this.wrapped || !hasValue(value)) return this.#validateInner(value);
    const unwrapped = await this.#validateInner(value.value);
    if (unwrapped.ok) return unwrapped;
    // A model may leave the wrapper off although the object has a `value` of its own.
    const whole = await this.#validateInner(value);
    return whole.ok ? whole : unwrapped;
  }

  async #validateInner(value: unknown): Promise<Validation> {
    const first = await this.#askJudge(value);
    if (first.ok) return first;
    const stripped = stripNulls(this.#inner, value);
    if (stripped === value) return first;
    const second = await this.#askJudge(stripped);
    return second.ok ? second : first;
  }

  async #askJudge(value: unknown): Promise<Validation> {
    try {
      return await this.#judge(value);
    } catch (error) {
      return wrong(`could not be checked: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

function hasValue(value: unknown): value is { value: unknown } {
  return typeof value === "object" && value !== null && Object.hasOwn(value, "value");
}

function wrong(message: string): Validation {
  return { ok: false, issues: [{ path: "", message }] };
}
