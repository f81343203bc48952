import type * as Api from "@opentelemetry/api";

/** Marks a span as failed. Its code is all that is told: what upstream says may hold the prompt. */
export function failSpan(api: typeof Api, span: Api.Span, code: string): void {
  span.setAttribute("error.type", code);
  span.setStatus({ code: api.SpanStatusCode.ERROR, message: code });
}
