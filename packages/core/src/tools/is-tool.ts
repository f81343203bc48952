import type { Tool } from "./tool-types.js";

/** True for what `tool()` made, also by another install of this package. */
export function isTool(value: object): value is Tool {
  return (value as { kind?: unknown }).kind === "signalbox.tool";
}
