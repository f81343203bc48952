import { httpHarness } from "../../test/http-harness.js";
import { describeProviderContract } from "../../test/provider-contract.js";
import { createOpenAICompatibleProvider } from "./openai-compatible/openai-compatible-provider.js";
import { createOpenRouterProvider } from "./openrouter/openrouter-provider.js";

describeProviderContract("openrouter", () => httpHarness((options) => createOpenRouterProvider(options)));
describeProviderContract("openai", () =>
  httpHarness((options) => createOpenAICompatibleProvider({ name: "openai", ...options })),
);
describeProviderContract("custom", () =>
  httpHarness((options) => createOpenAICompatibleProvider({ name: "custom", ...options })),
);
