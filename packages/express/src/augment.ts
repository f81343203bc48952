import type { LLM } from "@signalbox/core";

declare global {
  namespace Express {
    interface Request {
      /** The client that `llmMiddleware` put here, scoped to this request and aborted when its caller leaves. */
      llm: LLM;
    }
  }
}
