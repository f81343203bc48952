import { createError } from "../../errors/error-classes.js";
import type { WireFormat } from "../wire-format.js";

/** The text and nothing else. There is no place for an error in it, so a failed answer is cut off. */
export function textFormat(): WireFormat {
  return {
    contentType: "text/plain; charset=utf-8",
    event: (event) => (event.type === "text-delta" ? event.text : ""),
    item() {
      throw createError("invalid_request", "the format `text` carries text only", {
        hint: "use `events` or `ndjson` for objects",
      });
    },
    end: () => "",
    failure: () => undefined,
  };
}
