import type { JsonSchema } from "./schema.js";

/** Asks for an object in words. The word JSON stands in it: some services demand it for their JSON mode. */
export function schemaInstruction(schema: JsonSchema): string {
  return [
    "Answer with one JSON object and nothing else: no explanation before or after it, no code fence.",
    "It has to match this JSON Schema:",
    JSON.stringify(schema),
  ].join("\n");
}
