import type { StreamEvent } from "../generate/stream-event.js";

/** Both events told as one; undefined where that would lose something. */
export function mergeDeltas(last: StreamEvent, next: StreamEvent): StreamEvent | undefined {
  switch (next.type) {
    case "text-delta":
    case "reasoning-delta":
    case "refusal-delta":
      if (last.type !== next.type || last.step !== next.step) return undefined;
      return { ...last, text: last.text + next.text };
    case "tool-call-delta": {
      if (last.type !== next.type || last.step !== next.step || last.index !== next.index) return undefined;
      // What names the call comes once; a second name is another call's.
      if (next.id !== undefined || next.name !== undefined) return undefined;
      return { ...last, argumentsDelta: last.argumentsDelta + next.argumentsDelta };
    }
    default:
      return undefined;
  }
}

/** About how many characters an event takes. */
export function sizeOf(event: StreamEvent): number {
  switch (event.type) {
    case "text-delta":
    case "reasoning-delta":
    case "refusal-delta":
      return event.text.length;
    case "tool-call-delta":
      return event.argumentsDelta.length;
    case "image":
      return event.image.image_url?.url?.length ?? 0;
    case "audio-delta":
      return (event.data?.length ?? 0) + (event.transcript?.length ?? 0);
    case "tool-progress":
      return jsonLength(event.data);
    case "tool-result":
      return jsonLength(event.result);
    default:
      return 0;
  }
}

function jsonLength(value: unknown): number {
  try {
    return JSON.stringify(value)?.length ?? 0;
  } catch {
    // The store will say so.
    return 0;
  }
}
