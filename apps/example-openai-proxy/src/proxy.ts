import { llmErrorHandler, llmMiddleware, openAICompatible } from "@signalbox/express";
import cors from "cors";
import express, { type Express } from "express";
import { type FrontEnd, scopeByToken } from "./front-ends.js";
import type { Model } from "./model.js";

/** What front ends may ask for; everything else they are told is not there. */
export const MODELS = ["openai/gpt-4o-mini", "anthropic/*"];

export interface ProxyOptions {
  frontEnds: readonly FrontEnd[];
  /** The origin of pages that may ask from a browser; none where it is absent. */
  origin?: string | undefined;
}

/** The whole application. `close` ends the answers under way, after a grace period. */
export function createProxy({ llm }: Model, { frontEnds, origin }: ProxyOptions) {
  const scopeOf = scopeByToken(frontEnds);
  const scoped = llmMiddleware(llm);
  const app: Express = express();
  app.disable("x-powered-by");
  app.use(cors({ origin: origin ?? false, exposedHeaders: ["Retry-After"] }));
  app.use("/v1", scoped, openAICompatible({ authorize: (req) => scopeOf(req.headers.authorization), models: MODELS }));
  app.use(llmErrorHandler());
  return { app, close: (graceMs: number) => scoped.close({ graceMs }) };
}
