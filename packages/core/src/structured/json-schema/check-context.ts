import type { Issue } from "../issue.js";
import type { JsonSchema } from "../schema.js";
import type { SubSchema } from "./subschemas.js";

/** Checks a value against a schema and notes what is wrong in the context. */
export type Check = (schema: SubSchema, value: unknown, path: string, context: CheckContext) => void;

const MOST_ISSUES = 50;

/** Which objects and arrays a schema accepts: each is judged once, or a recursive union would take exponential time. */
type Verdicts = Map<object, Map<SubSchema, boolean>>;

/** One run of the validator: where references start, how deep it is, and what it found. */
export class CheckContext {
  readonly issues: Issue[] = [];
  readonly root: JsonSchema;
  /** Only the first words about a choice that fails, not which alternative came nearest. */
  readonly brief: boolean;
  readonly #check: Check;
  readonly #most: number;
  readonly #verdicts: Verdicts;
  depth = 0;

  constructor(root: JsonSchema, check: Check, brief = false, most = MOST_ISSUES, verdicts: Verdicts = new Map()) {
    this.root = root;
    this.brief = brief;
    this.#check = check;
    this.#most = most;
    this.#verdicts = verdicts;
  }

  get full(): boolean {
    return this.issues.length >= this.#most;
  }

  report(path: string, message: string): void {
    if (!this.full) this.issues.push({ path, message });
  }

  check(schema: SubSchema, value: unknown, path: string): void {
    if (!this.full) this.#check(schema, value, path, this);
  }

  /** What is wrong by this schema, briefly and without noting it. */
  issuesOf(schema: SubSchema, value: unknown, path: string, most = MOST_ISSUES): Issue[] {
    const context = new CheckContext(this.root, this.#check, true, most, this.#verdicts);
    context.depth = this.depth;
    context.check(schema, value, path);
    return context.issues;
  }

  accepts(schema: SubSchema, value: unknown): boolean {
    if (typeof value !== "object" || value === null) return this.issuesOf(schema, value, "", 1).length === 0;
    const known = this.#verdicts.get(value) ?? new Map<SubSchema, boolean>();
    this.#verdicts.set(value, known);
    const verdict = known.get(schema) ?? this.issuesOf(schema, value, "", 1).length === 0;
    known.set(schema, verdict);
    return verdict;
  }
}
