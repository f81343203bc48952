import { definePipeline, step } from "@signalbox/core";
import { pipeStream } from "@signalbox/core/node";
import type { Express } from "express";
import { chatHandler, getLLM, type LLMMiddleware, openAICompatible, stepsRouter } from "../src/index.js";

export const ASK = { prompt: "Signals", stream: true };

/** Everything this package mounts, behind one middleware. */
export function everything(app: Express, middleware: LLMMiddleware) {
  const pipeline = definePipeline("deck", [step("one", async ({ llm }) => (await llm.generate({ prompt: "1" })).text)]);
  app.use(middleware);
  app.post("/chat", chatHandler());
  app.use("/v1", openAICompatible({ authorize: "none" }));
  app.use("/decks", stepsRouter(pipeline));
  app.get("/own", (req, res, next) => {
    pipeStream(getLLM(req).stream({ prompt: "Signals" }), res).catch(next);
  });
}
