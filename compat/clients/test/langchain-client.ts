import { type AIMessageChunk, HumanMessage, ToolMessage } from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import { ChatOpenAI } from "@langchain/openai";
import type { APIError } from "openai";
import { z } from "zod";
import type { ThirdPartyClient } from "./third-party-client.js";
import { WEATHER } from "./weather.js";

export const langchain: ThirdPartyClient = {
  name: "@langchain/openai",
  packages: ["@langchain/openai", "@langchain/core"],
  async open({ baseURL, key }) {
    const chat = (model: string) => new ChatOpenAI({ model, apiKey: key, configuration: { baseURL }, maxRetries: 0 });
    const within = (signal: AbortSignal | undefined) => (signal ? { signal } : {});
    return {
      text: async ({ model, prompt, signal }) => (await chat(model).invoke(prompt, within(signal))).text,
      async stream({ model, prompt, signal, onText }) {
        let text = "";
        for await (const chunk of await chat(model).stream(prompt, within(signal))) {
          text += chunk.text;
          if (chunk.text !== "") onText?.(chunk.text);
        }
        return text;
      },
      async tools({ model, prompt }, tools) {
        const known = tools.map(({ name, parameter, answer }) =>
          tool(() => answer, { name, description: name, schema: z.object({ [parameter]: z.string() }) }),
        );
        const able = chat(model).bindTools(known);
        const question = new HumanMessage(prompt);
        let first: AIMessageChunk | undefined;
        for await (const chunk of await able.stream([question]))
          first = first === undefined ? chunk : first.concat(chunk);
        const calls = first?.tool_calls ?? [];
        const answers = calls.map(({ id = "", name }) => {
          return new ToolMessage({ tool_call_id: id, content: tools.find((each) => each.name === name)?.answer ?? "" });
        });
        const second = await able.invoke([question, ...(first ? [first] : []), ...answers]);
        return { calls: calls.map(({ name, args }) => ({ name, arguments: args })), text: second.text };
      },
      structured: ({ model, prompt }) => chat(model).withStructuredOutput(WEATHER).invoke(prompt),
      failure(thrown) {
        if (!(thrown instanceof Error)) throw thrown;
        const { status, headers } = thrown as Partial<APIError>;
        return {
          kind: thrown instanceof DOMException ? thrown.name : thrown.constructor.name,
          status,
          retryAfter: headers?.get("retry-after") ?? undefined,
          message: thrown.message,
        };
      },
    };
  },
  kinds: {
    "401": "AuthenticationError",
    "402": "APIError",
    "429 + Retry-After": "RateLimitError",
    "mid-stream error": "APIError",
    "cut stream": "APIError",
    abort: "AbortError",
    "unknown model": "NotFoundError",
  },
};
