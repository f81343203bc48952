import type { WireToolCall } from "../messages/message.js";
import type { ToolCall } from "./tool-types.js";

/** The calls of a message with the repaired arguments in the place of the wrong ones; nothing given is changed. */
export function repairedCalls(wire: readonly WireToolCall[], calls: readonly ToolCall[]): WireToolCall[] {
  return wire.map((one) => {
    const repaired = calls.find(({ id, repaired }) => repaired && id === one.id);
    if (repaired === undefined || one.function === undefined) return one;
    return { ...one, function: { ...one.function, arguments: JSON.stringify(repaired.arguments) } };
  });
}
