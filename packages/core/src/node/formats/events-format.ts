import { publicErrorBody } from "../../errors/public-error.js";
import { publicEvent } from "../../generate/public-event.js";
import { encodeComment, encodeEvent } from "../../sse/event-encoder.js";
import type { FormatOptions, WireFormat } from "../wire-format.js";

const DONE = encodeEvent({ data: "[DONE]" });

/** Our own events, one server-sent event each; items of a run carry their `seq` as the event's id. */
export function eventsFormat({ expose }: FormatOptions): WireFormat {
  return {
    contentType: "text/event-stream; charset=utf-8",
    ping: encodeComment("ping"),
    event(event) {
      const shown = publicEvent(event, expose);
      return shown === undefined ? "" : `data: ${JSON.stringify(shown)}\n\n`;
    },
    item: (item) => encodeEvent({ id: eventId(item), data: JSON.stringify(item) ?? "null" }),
    end(result) {
      return (result === undefined ? "" : this.event({ type: "finish", result })) + DONE;
    },
    failure(error) {
      const data = JSON.stringify({ type: "error", error: publicErrorBody(error, expose).error });
      return encodeEvent({ event: "error", data }) + DONE;
    },
  };
}

function eventId(item: unknown): string | undefined {
  if (typeof item !== "object" || item === null) return undefined;
  const { seq, runId } = item as { seq?: unknown; runId?: unknown };
  return typeof runId === "string" && typeof seq === "number" ? String(seq) : undefined;
}
