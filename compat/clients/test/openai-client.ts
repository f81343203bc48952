import OpenAI from "openai";
import { zodResponseFormat } from "openai/helpers/zod";
import { type Ask, Ending, type OfferedTool, type ThirdPartyClient } from "./third-party-client.js";
import { WEATHER } from "./weather.js";

const question = ({ model, prompt }: Ask) => ({ model, messages: [{ role: "user" as const, content: prompt }] });

const offered = (tools: readonly OfferedTool[]) =>
  tools.map(({ name, parameter }) => ({
    type: "function" as const,
    function: {
      name,
      parameters: { type: "object", properties: { [parameter]: { type: "string" } }, required: [parameter] },
    },
  }));

export const openai: ThirdPartyClient = {
  name: "openai",
  packages: ["openai"],
  async open({ baseURL, key }) {
    const client = new OpenAI({ baseURL, apiKey: key, maxRetries: 0 });
    return {
      async text(ask) {
        const answer = await client.chat.completions.create(question(ask), { signal: ask.signal });
        return answer.choices[0]?.message.content ?? "";
      },
      async stream(ask) {
        let text = "";
        const chunks = await client.chat.completions.create({ ...question(ask), stream: true }, { signal: ask.signal });
        for await (const { choices } of chunks) {
          const piece = choices[0]?.delta.content ?? "";
          text += piece;
          if (piece !== "") ask.onText?.(piece);
        }
        if (ask.signal?.aborted) throw new Ending("loop ends");
        return text;
      },
      async tools(ask, tools) {
        const request = { ...question(ask), tools: offered(tools) };
        const first = await client.chat.completions.stream(request).finalChatCompletion();
        const message = first.choices[0]?.message;
        const calls = (message?.tool_calls ?? []).filter((call) => call.type === "function");
        const answers = calls.map(({ id, function: { name } }) => ({
          role: "tool" as const,
          tool_call_id: id,
          content: tools.find((tool) => tool.name === name)?.answer ?? "",
        }));
        const messages = [...request.messages, ...(message ? [message] : []), ...answers];
        const second = await client.chat.completions.create({ ...request, messages });
        return {
          calls: calls.map(({ function: { name, arguments: text } }) => ({ name, arguments: JSON.parse(text) })),
          text: second.choices[0]?.message.content ?? "",
        };
      },
      async structured(ask) {
        const response_format = zodResponseFormat(WEATHER, "weather");
        const answer = await client.chat.completions.parse({ ...question(ask), response_format });
        return answer.choices[0]?.message.parsed;
      },
      failure(thrown) {
        if (!(thrown instanceof OpenAI.APIError)) throw thrown;
        const { status, headers, message } = thrown;
        return { kind: thrown.constructor.name, status, retryAfter: headers?.get("retry-after") ?? undefined, message };
      },
    };
  },
  kinds: {
    "401": "AuthenticationError",
    "402": "APIError",
    "429 + Retry-After": "RateLimitError",
    "mid-stream error": "APIError",
    "cut stream": "APIError",
    abort: "loop ends",
    "unknown model": "NotFoundError",
  },
};
