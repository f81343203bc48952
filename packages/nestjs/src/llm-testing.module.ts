import { type DynamicModule, Module } from "@nestjs/common";
import { ConfigurationError, type LLMProvider } from "@signalbox/core";
import { type ScriptedReplySource, scriptedProvider } from "@signalbox/core/testing";
import { LLMModule } from "./llm.module.js";
import type { LLMRegistration } from "./llm-module-options.js";

export interface LLMTestingOptions extends LLMRegistration {
  /** What the model says, in order; the last one repeats. Without any it answers from the request. */
  replies?: readonly ScriptedReplySource[] | undefined;
  /** Your own model, such as a `scriptedProvider()` whose `requests` you want to look at. */
  provider?: LLMProvider | undefined;
}

/**
 * `LLMModule` over a model in the same process: no HTTP, no key, no environment.
 *
 * Shape: in the place of the `LLMModule` that the tested modules inject from. An application that imports its own
 * `LLMModule` keeps it; override its client instead: `.overrideProvider(getLLMClientToken()).useValue(client)`.
 * Throws: `invalid_config` for `replies` beside a `provider`, which would not say them.
 */
@Module({})
// biome-ignore lint/complexity/noStaticOnlyClass: Nest takes classes for modules.
export class LLMTestingModule {
  /** The module with a scripted model in place of a service. */
  static forRoot({ replies, provider, ...registration }: LLMTestingOptions = {}): DynamicModule {
    if (replies !== undefined && provider !== undefined) {
      throw new ConfigurationError("invalid_config", "`replies` would change nothing beside a `provider` of your own", {
        hint: "give the replies to that provider: scriptedProvider(replies)",
      });
    }
    const model = provider ?? scriptedProvider(replies ?? []);
    return LLMModule.forRoot({ ...registration, provider: model, env: false, retry: false });
  }
}
