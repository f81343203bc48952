import type { StreamEvent } from "../../generate/stream-event.js";

export const contentPart = (kind: "text" | "reasoning", id: string, delta: string): object => ({
  type: `${kind}-delta`,
  id,
  delta,
});

type MediaEvent = Extract<StreamEvent, { type: "annotation" | "image" | "audio-delta" | "warning" }>;

/** Citations become sources, pictures become files; what the protocol has no part for travels as data of our own. */
export function mediaParts(event: MediaEvent, number: number): object[] {
  switch (event.type) {
    case "annotation": {
      const source = citation(event.annotation);
      if (source === undefined) return [{ type: "data-annotation", data: event.annotation }];
      return [{ type: "source-url", sourceId: `source-${number}`, ...source }];
    }
    case "image": {
      const url = event.image.image_url?.url;
      if (url === undefined) return [{ type: "data-image", data: event.image }];
      return [{ type: "file", mediaType: mediaType(url), url }];
    }
    case "audio-delta":
      return [{ type: "data-audio", data: { data: event.data, transcript: event.transcript }, transient: true }];
    case "warning":
      return [{ type: "data-warning", data: event.warning, transient: true }];
  }
}

function citation(annotation: { type: string; url_citation?: unknown }): { url: string; title?: string } | undefined {
  const { url_citation: cited } = annotation;
  if (annotation.type !== "url_citation" || typeof cited !== "object" || cited === null) return undefined;
  const { url, title } = cited as { url?: unknown; title?: unknown };
  if (typeof url !== "string") return undefined;
  return typeof title === "string" ? { url, title } : { url };
}

function mediaType(url: string): string {
  return /^data:([^;,]+)[;,]/i.exec(url)?.[1] ?? "image/*";
}
