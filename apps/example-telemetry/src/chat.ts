import { SpanKind, trace } from "@opentelemetry/api";
import { jsonSchema, tool } from "@signalbox/core";
import { chatHandler, llmErrorHandler } from "@signalbox/express";
import express, { type Express, type RequestHandler } from "express";
import type { Model } from "./model.js";

const weather = tool({
  name: "weather",
  description: "The weather of a city.",
  parameters: jsonSchema<{ city: string }>({
    type: "object",
    properties: { city: { type: "string" } },
    required: ["city"],
  }),
  execute: ({ city }) => ({ city, degrees: 21, sky: "clear" }),
});

/** A span for each request to this service: what is done for it hangs under it. */
const traced: RequestHandler = (request, response, next) => {
  const name = `${request.method} ${request.path}`;
  trace.getTracer("example-telemetry").startActiveSpan(name, { kind: SpanKind.SERVER }, (span) => {
    response.once("close", () => {
      span.setAttribute("http.response.status_code", response.statusCode);
      span.end();
    });
    next();
  });
};

/** `POST /chat` with `{ "prompt": "…" }`, and `"stream": true` for events. */
export function createChat({ llm }: Model): Express {
  const app = express();
  app.disable("x-powered-by");
  app.use(traced);
  app.post("/chat", chatHandler({ client: llm, request: () => ({ tools: [weather], maxTokens: 400 }) }));
  app.use(llmErrorHandler());
  return app;
}
