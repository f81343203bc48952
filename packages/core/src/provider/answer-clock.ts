import type { LLMProvider } from "./llm-provider.js";

const KEEPERS = new WeakSet<LLMProvider>();

/** Marks a provider whose transport ends an answer without streaming after `firstTokenMs` by itself. */
export function keepingAnswerClock<P extends LLMProvider>(provider: P): P {
  KEEPERS.add(provider);
  return provider;
}

/** Whether the clock of an answer without streaming is the provider's own: a second one would cost a timer and a signal. */
export function keepsAnswerClock(provider: LLMProvider): boolean {
  return KEEPERS.has(provider);
}
