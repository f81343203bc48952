import { OpenRouter } from "@openrouter/sdk";
import type { ChatMessages, ChatResult } from "@openrouter/sdk/models";
import { OpenRouterError } from "@openrouter/sdk/models/errors";
import { z } from "zod";
import type { Ask, OfferedTool, ThirdPartyClient } from "./third-party-client.js";
import { WEATHER } from "./weather.js";

export const openrouterSdk: ThirdPartyClient = {
  name: "@openrouter/sdk",
  packages: ["@openrouter/sdk"],
  async open({ baseURL, key }) {
    const client = new OpenRouter({ apiKey: key, serverURL: baseURL, retryConfig: { strategy: "none" } });
    const within = (signal: AbortSignal | undefined) => (signal ? { signal } : {});

    const answer = async (messages: ChatMessages[], { model, signal }: Ask, more: object): Promise<ChatResult> => {
      const whole = await client.chat.send({ chatRequest: { model, messages, ...more } }, within(signal));
      if (!("choices" in whole)) throw new TypeError("a stream came instead of a whole answer");
      return whole;
    };
    const question = ({ prompt }: Ask): ChatMessages[] => [{ role: "user", content: prompt }];
    const offered = (tools: readonly OfferedTool[]) =>
      tools.map(({ name, parameter }) => ({
        type: "function" as const,
        function: { name, parameters: { type: "object", properties: { [parameter]: { type: "string" } } } },
      }));
    const textOf = ({ choices }: ChatResult) => String(choices[0]?.message.content ?? "");

    return {
      text: async (ask) => textOf(await answer(question(ask), ask, {})),
      async stream(ask) {
        let text = "";
        const chunks = await client.chat.send(
          { chatRequest: { model: ask.model, messages: question(ask), stream: true } },
          within(ask.signal),
        );
        if ("choices" in chunks) throw new TypeError("a whole answer came instead of a stream");
        for await (const chunk of chunks) {
          // It does not throw what a chunk says of a failure: its user has to look.
          if (chunk.error) throw chunk.error;
          const piece = chunk.choices[0]?.delta.content ?? "";
          text += piece;
          if (piece !== "") ask.onText?.(piece);
        }
        return text;
      },
      async tools(ask, tools) {
        const first = await answer(question(ask), ask, { tools: offered(tools) });
        const message = first.choices[0]?.message;
        const calls = message?.toolCalls ?? [];
        const answers = calls.map(({ id, function: { name } }) => {
          const content = tools.find((each) => each.name === name)?.answer ?? "";
          return { role: "tool" as const, toolCallId: id, content };
        });
        const messages = [...question(ask), ...(message ? [message] : []), ...answers];
        const second = await answer(messages, ask, { tools: offered(tools) });
        return {
          calls: calls.map(({ function: { name, arguments: text } }) => ({ name, arguments: JSON.parse(text) })),
          text: textOf(second),
        };
      },
      async structured(ask) {
        const jsonSchema = { name: "weather", schema: z.toJSONSchema(WEATHER), strict: true };
        return JSON.parse(
          textOf(await answer(question(ask), ask, { responseFormat: { type: "json_schema", jsonSchema } })),
        );
      },
      failure(thrown) {
        if (thrown instanceof OpenRouterError) {
          const { statusCode, headers, message, body } = thrown;
          return {
            kind: thrown.constructor.name,
            status: statusCode,
            retryAfter: headers.get("retry-after") ?? undefined,
            message: `${message}: ${body}`,
          };
        }
        if (thrown instanceof Error) return { kind: thrown.name, message: thrown.message };
        return { kind: "chunk.error", message: String((thrown as { message?: unknown } | null)?.message) };
      },
    };
  },
  kinds: {
    "401": "ResponseValidationError",
    "402": "ResponseValidationError",
    "429 + Retry-After": "ResponseValidationError",
    "mid-stream error": "chunk.error",
    "cut stream": "ZodError",
    abort: "AbortError",
    "unknown model": "ResponseValidationError",
  },
};
