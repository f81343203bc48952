import { Agent, type IncomingMessage, request } from "node:http";
import { API_KEY, MODEL, type OpenPeer } from "./peer.ts";
import type { Chunk, Completion } from "./wire.ts";

/** Floor B: node:http, lines split by hand and JSON.parse, all in callbacks. */
export const open: OpenPeer = async ({ baseURL }) => {
  const agent = new Agent({ keepAlive: true, maxFreeSockets: Number.POSITIVE_INFINITY });
  const headers = { authorization: `Bearer ${API_KEY}`, "content-type": "application/json" };

  const post = (
    prompt: string,
    stream: boolean,
    onAnswer: (answer: IncomingMessage) => void,
    fail: (e: Error) => void,
  ) =>
    request(`${baseURL}/chat/completions`, { method: "POST", headers, agent }, (answer) => {
      answer.setEncoding("utf8");
      answer.on("error", fail);
      onAnswer(answer);
    })
      .on("error", fail)
      .end(JSON.stringify({ model: MODEL, messages: [{ role: "user", content: prompt }], stream }));

  return {
    stream: (prompt, onFirstText) =>
      new Promise((resolve, reject) => {
        let text = "";
        let pieces = 0;
        let rest = "";
        const takeLine = (line: string) => {
          if (!line.startsWith("data: ") || line === "data: [DONE]") return;
          const content = (JSON.parse(line.slice(6)) as Chunk).choices[0]?.delta.content;
          if (!content) return;
          if (pieces === 0) onFirstText?.();
          text += content;
          pieces += 1;
        };
        const takeText = (block: string) => {
          const lines = (rest + block).split("\n");
          rest = lines.pop() ?? "";
          for (const line of lines) takeLine(line);
        };
        const take = (answer: IncomingMessage) =>
          answer.on("data", takeText).on("end", () => resolve({ chars: text.length, pieces }));
        post(prompt, true, take, reject);
      }),
    complete: (prompt) =>
      new Promise((resolve, reject) => {
        let body = "";
        const take = (answer: IncomingMessage) =>
          answer
            .on("data", (block: string) => {
              body += block;
            })
            .on("end", () => resolve((JSON.parse(body) as Completion).choices[0]?.message.content.length ?? 0));
        post(prompt, false, take, reject);
      }),
  };
};
