import type { Wire } from "./simulator-client.js";

/** Every path of a JSON value with the type found there: `.choices[].delta.content:string`. */
export function shapeOf(value: Wire, path = ""): Set<string> {
  const shape = new Set([`${path}:${typeName(value)}`]);
  const add = (inner: Set<string>): void => {
    for (const entry of inner) shape.add(entry);
  };
  if (Array.isArray(value)) for (const item of value) add(shapeOf(item, `${path}[]`));
  else if (typeof value === "object" && value !== null) {
    for (const [key, member] of Object.entries(value)) add(shapeOf(member, `${path}.${key}`));
  }
  return shape;
}

function typeName(value: Wire): string {
  return value === null ? "null" : Array.isArray(value) ? "array" : typeof value;
}

/** What an item of a stream or a body is, by what it carries; a few items carry two things. */
export function kindOf(item: Wire): string {
  const choice = item.choices?.[0];
  const part = choice?.delta ?? choice?.message ?? {};
  const where = choice?.message ? "body" : "chunk";
  if (item.error) return `${where} with error`;
  if (where === "chunk" && item.usage) return `chunk with usage${choice?.finish_reason ? " and finish" : ""}`;
  if (where === "chunk" && choice?.finish_reason) return "chunk with finish";
  const carries = [
    part.tool_calls?.length > 0 && (part.tool_calls[0].id ? "call" : "arguments"),
    (part.reasoning || part.reasoning_details?.length > 0) && reasoningKind(part),
    part.annotations?.length > 0 && "annotations",
    part.content && "text",
  ].filter(Boolean);
  return `${where} with ${carries.length > 0 ? carries.join(" and ") : "nothing"}`;
}

function reasoningKind(part: Wire): string {
  const detail = part.reasoning_details?.[0];
  if (detail === undefined) return "plain reasoning";
  return detail.signature && !detail.text ? "signature" : `${detail.type} (${detail.format})`;
}

/** Paths that all of some shapes have, and paths that any of them has. */
export class ShapeStatistics {
  readonly any = new Set<string>();
  private common: Set<string> | undefined;
  count = 0;

  add(shape: ReadonlySet<string>): void {
    this.count += 1;
    for (const path of shape) this.any.add(path);
    this.common = new Set([...shape].filter((path) => this.common?.has(path) ?? true));
  }

  get always(): ReadonlySet<string> {
    return this.common ?? new Set();
  }
}
