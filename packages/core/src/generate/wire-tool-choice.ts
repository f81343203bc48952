import type { GenerateRequest } from "./generate-request.js";

/** The tool choice as it goes out: `{ name }` becomes a forced function. */
export function wireToolChoice(choice: GenerateRequest["toolChoice"]): unknown {
  if (typeof choice !== "object") return choice;
  return "name" in choice && !("type" in choice) ? { type: "function", function: { name: choice.name } } : choice;
}
