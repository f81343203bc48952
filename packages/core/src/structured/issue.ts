import type { StandardIssue } from "./standard-schema.js";

/** One thing that is wrong with an answer. */
export interface Issue {
  /** Where, as `slides[0].title`; empty for the whole. */
  path: string;
  message: string;
}

export type Validation = { ok: true; value: unknown } | { ok: false; issues: Issue[] };

const MOST_SHOWN = 10;
const MOST_CHARACTERS = 300;

/** The path of a property below `path`. */
export function below(path: string, key: PropertyKey): string {
  if (typeof key === "number") return `${path}[${key}]`;
  const name = String(key);
  if (/^[\w$-]+$/.test(name)) return path === "" ? name : `${path}.${name}`;
  return `${path}[${JSON.stringify(name)}]`;
}

/** What a validator found, in our shape. */
export function fromStandardIssue(issue: StandardIssue): Issue {
  const keys = (issue.path ?? []).map((step) => (typeof step === "object" ? step.key : step));
  return { path: keys.reduce<string>((path, key) => below(path, key), ""), message: issue.message };
}

/** The first issues as lines; what is left out is counted. */
export function issueLines(issues: readonly Issue[]): string[] {
  const lines = issues.slice(0, MOST_SHOWN).map(({ path, message }) => {
    const line = path === "" ? message : `${path}: ${message}`;
    return line.length > MOST_CHARACTERS ? `${line.slice(0, MOST_CHARACTERS)}…` : line;
  });
  const left = issues.length - lines.length;
  return left > 0 ? [...lines, `and ${left} more`] : lines;
}
