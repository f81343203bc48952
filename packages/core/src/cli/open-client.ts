import type { LLMClientOptions } from "../client/client-options.js";
import { LLMClient } from "../client/llm-client.js";

/** A client that Ctrl-C closes, whatever it is waiting for. */
export function openClient(options: LLMClientOptions, signal: AbortSignal): LLMClient {
  const llm = new LLMClient(options);
  const close = () => void llm.close();
  if (signal.aborted) close();
  else signal.addEventListener("abort", close, { once: true });
  return llm;
}
