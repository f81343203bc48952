import type { Called, OfferedTool } from "./third-party-client.js";

export const TOOLS: readonly OfferedTool[] = [
  { name: "weather", parameter: "city", answer: "21 degrees" },
  { name: "clock", parameter: "zone", answer: "noon" },
];

/** What the model asks of them, both at once. */
export const CALLS: readonly Called[] = [
  { name: "weather", arguments: { city: "Rome" } },
  { name: "clock", arguments: { zone: "CET" } },
];
