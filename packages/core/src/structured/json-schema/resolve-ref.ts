import type { JsonSchema } from "../schema.js";
import { isSchemaObject, type SubSchema } from "./subschemas.js";

/** What a local reference (`#`, `#/$defs/Name`, any JSON pointer) stands for; undefined where there is nothing. */
export function resolveRef(root: JsonSchema, ref: string): SubSchema | undefined {
  if (!ref.startsWith("#")) return undefined;
  let here: unknown = root;
  if (ref !== "#" && ref !== "#/") {
    if (!ref.startsWith("#/")) return undefined;
    for (const raw of ref.slice(2).split("/")) {
      const key = decode(raw).replaceAll("~1", "/").replaceAll("~0", "~");
      if (typeof here !== "object" || here === null || !Object.hasOwn(here, key)) return undefined;
      here = (here as Record<string, unknown>)[key];
    }
  }
  return isSchemaObject(here) || typeof here === "boolean" ? here : undefined;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    // A lone % is meant as it stands.
    return part;
  }
}
