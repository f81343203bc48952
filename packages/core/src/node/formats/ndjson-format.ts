import { publicErrorBody } from "../../errors/public-error.js";
import { publicEvent } from "../../generate/public-event.js";
import type { FormatOptions, WireFormat } from "../wire-format.js";

/** Our own events, one JSON text a line. No heartbeat: many readers parse every line, an empty one too. */
export function ndjsonFormat({ expose }: FormatOptions): WireFormat {
  return {
    contentType: "application/x-ndjson; charset=utf-8",
    event(event) {
      const shown = publicEvent(event, expose);
      return shown === undefined ? "" : `${JSON.stringify(shown)}\n`;
    },
    item: (item) => `${JSON.stringify(item) ?? "null"}\n`,
    end(result) {
      return result === undefined ? "" : this.event({ type: "finish", result });
    },
    failure: (error) => `${JSON.stringify({ type: "error", error: publicErrorBody(error, expose).error })}\n`,
  };
}
