import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { createOpenRouter } from "@openrouter/ai-sdk-provider";
import {
  APICallError,
  generateText,
  isStepCount,
  jsonSchema,
  type LanguageModel,
  Output,
  streamText,
  type ToolSet,
  tool,
} from "ai";
import {
  type Ask,
  type Door,
  Ending,
  type OfferedTool,
  type OpenClient,
  type ThirdPartyClient,
} from "./third-party-client.js";
import { WEATHER } from "./weather.js";

const offered = (tools: readonly OfferedTool[]): ToolSet =>
  Object.fromEntries(
    tools.map(({ name, parameter, answer }) => [
      name,
      tool({
        inputSchema: jsonSchema({ type: "object", properties: { [parameter]: { type: "string" } } }),
        execute: () => answer,
      }),
    ]),
  );

function openWith(modelOf: (id: string) => LanguageModel): OpenClient {
  const question = ({ model, prompt, signal }: Ask) => ({
    model: modelOf(model),
    prompt,
    maxRetries: 0,
    ...(signal && { abortSignal: signal }),
  });
  return {
    text: async (ask) => (await generateText(question(ask))).text,
    async stream(ask) {
      let text = "";
      // Without a listener it prints what failed.
      const { stream } = streamText({ ...question(ask), onError: () => {} });
      for await (const part of stream) {
        if (part.type === "error") throw part.error;
        if (part.type === "abort") throw new Ending("abort part");
        if (part.type !== "text-delta") continue;
        text += part.text;
        ask.onText?.(part.text);
      }
      return text;
    },
    async tools(ask, tools) {
      const result = streamText({ ...question(ask), tools: offered(tools), stopWhen: isStepCount(2) });
      const [first, last] = await result.steps;
      const calls = (first?.toolCalls ?? []).map(({ toolName, input }) => ({ name: toolName, arguments: input }));
      return { calls, text: last?.text ?? "" };
    },
    async structured(ask) {
      return (await generateText({ ...question(ask), output: Output.object({ schema: WEATHER }) })).output;
    },
    failure(thrown) {
      if (APICallError.isInstance(thrown)) {
        const { statusCode, responseHeaders, message, name } = thrown;
        return { kind: name, status: statusCode, retryAfter: responseHeaders?.["retry-after"], message };
      }
      if (thrown instanceof Error) return { kind: thrown.name, message: thrown.message };
      throw thrown;
    },
  };
}

const KINDS = {
  "401": "AI_APICallError",
  "402": "AI_APICallError",
  "429 + Retry-After": "AI_APICallError",
  "mid-stream error": "AI_StreamProviderError",
  "cut stream": "AI_StreamProviderError",
  abort: "abort part",
  "unknown model": "AI_APICallError",
};

export const aiSdkCompatible: ThirdPartyClient = {
  name: "ai + openai-compatible",
  packages: ["ai", "@ai-sdk/openai-compatible"],
  async open({ baseURL, key }: Door) {
    const provider = createOpenAICompatible({ name: "ours", baseURL, apiKey: key, supportsStructuredOutputs: true });
    return openWith((id) => provider(id));
  },
  kinds: KINDS,
};

export const aiSdkOpenRouter: ThirdPartyClient = {
  name: "ai + openrouter provider",
  packages: ["ai", "@openrouter/ai-sdk-provider"],
  async open({ baseURL, key }: Door) {
    const provider = createOpenRouter({ baseURL, apiKey: key });
    return openWith((id) => provider(id));
  },
  kinds: KINDS,
};
