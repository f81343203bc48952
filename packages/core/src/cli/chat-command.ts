import { addAbortSignal } from "node:stream";
import { text } from "node:stream/consumers";
import { LLMClient } from "../client/llm-client.js";
import { answerOnce, type ChatSettings } from "./chat-answer.js";
import { converse } from "./chat-conversation.js";
import { countFlag, numberFlag, readFlags, UsageMistake } from "./flags.js";
import type { Terminal } from "./terminal.js";

const FLAGS = {
  model: { type: "string" },
  system: { type: "string" },
  "max-tokens": { type: "string" },
  temperature: { type: "string" },
  json: { type: "boolean" },
} as const;

/** `signalbox chat`: a question with an answer, or a conversation. */
export async function chat(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = readFlags(args, FLAGS);
  const settings: ChatSettings = {
    system: values.system,
    maxTokens: countFlag("max-tokens", values["max-tokens"], 1),
    temperature: numberFlag("temperature", values.temperature),
  };
  const { env, stdin, signal } = terminal;
  const llm = new LLMClient({ ...(env && { env }), ...(values.model !== undefined && { model: values.model }) });
  try {
    if (positionals.length === 0 && stdin.isTTY) {
      if (values.json) throw new UsageMistake("--json takes a question, not a conversation");
      return await converse(llm, settings, terminal);
    }
    // Only where it is asked for: an input that nobody closes would be waited for without end.
    const piped =
      positionals.length === 0 || positionals.includes("-") ? await text(addAbortSignal(signal, stdin)) : "";
    const asked = positionals.filter((word) => word !== "-").join(" ");
    const prompt = [asked, piped.trim()].filter((part) => part !== "").join("\n\n");
    if (prompt === "") throw new UsageMistake("chat takes a question, as an argument or piped in");
    await answerOnce(llm, { ...settings, prompt }, terminal, values.json ? "json" : "text");
    return 0;
  } finally {
    await llm.close();
  }
}
