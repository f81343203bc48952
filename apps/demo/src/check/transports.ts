import { runPipeline, type StepEvent } from "@signalbox/core";
import type { DeckInput } from "../deck/deck-input.js";
import { startExpress } from "../express-server.js";
import { startNest } from "../nest/nest-server.js";
import type { Studio } from "../studio.js";
import { postForSteps } from "./step-events.js";

export type Transport = "core" | "express" | "nest";

/** Makes a deck over each transport and gives every event its reader saw. */
export const TRANSPORTS: Readonly<Record<Transport, (studio: Studio, input: DeckInput) => Promise<StepEvent[]>>> = {
  async core({ pipeline, llm, store }, input) {
    return Array.fromAsync(runPipeline(pipeline, input, { llm, store }));
  },
  async express(studio, input) {
    const server = await startExpress(studio, 0);
    try {
      return await Array.fromAsync(postForSteps(`http://127.0.0.1:${server.port}/express/steps`, input));
    } finally {
      await server.close();
    }
  },
  async nest(studio, input) {
    const server = await startNest(studio, 0);
    try {
      return await Array.fromAsync(postForSteps(`http://127.0.0.1:${server.port}/nest/steps`, input));
    } finally {
      await server.close();
    }
  },
};
