import { Inject } from "@nestjs/common";
import { getLLMToken } from "./llm.tokens.js";

/** Injects the {@link LLMService} registered under `name` (default `"default"`). */
export function InjectLLM(name?: string): ParameterDecorator & PropertyDecorator {
  return Inject(getLLMToken(name));
}
