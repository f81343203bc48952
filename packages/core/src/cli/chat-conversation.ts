import { createInterface } from "node:readline/promises";
import type { LLM } from "../client/llm.js";
import { LLMError } from "../errors/llm-error.js";
import type { Message } from "../messages/message.js";
import { userMessage } from "../messages/message-factories.js";
import { answerOnce, type ChatSettings } from "./chat-answer.js";
import { describeFailure } from "./describe-failure.js";
import { harmless, type Terminal, writeLine } from "./terminal.js";

/**
 * Questions and answers until the input ends. Ctrl-C stops an answer; between answers it ends the conversation.
 * Rejects where the command was interrupted from outside.
 */
export async function converse(llm: LLM, settings: ChatSettings, terminal: Terminal): Promise<number> {
  const { stdin, stdout, stderr, signal } = terminal;
  // What is piped on are the answers alone.
  const lines = createInterface({ input: stdin, output: stdout.isTTY ? stdout : stderr, prompt: "> ", signal });
  // Made before anything is shown: lines and an end that come earlier would be lost on it.
  const questions = lines[Symbol.asyncIterator]();
  const messages: Message[] = [];
  let asking: AbortController | undefined;
  let open = true;
  lines.once("close", () => {
    open = false;
  });
  const prompt = () => {
    if (open) lines.prompt();
  };
  lines.on("SIGINT", () => (asking ? asking.abort() : lines.close()));
  try {
    prompt();
    for await (const line of questions) {
      if (line.trim() !== "") {
        const question = userMessage(line);
        asking = new AbortController();
        try {
          const request = { ...settings, messages: [...messages, question] };
          const stopped = AbortSignal.any([asking.signal, signal]);
          const { newMessages } = await answerOnce(llm, request, { ...terminal, signal: stopped }, "text");
          // A question without its answer would be asked again with the next one.
          messages.push(question, ...newMessages);
        } catch (error) {
          if (!LLMError.is(error) || signal.aborted) throw error;
          await writeLine(stderr, harmless(describeFailure(error), stderr));
        }
        asking = undefined;
      }
      prompt();
    }
    signal.throwIfAborted();
    return 0;
  } finally {
    lines.close();
  }
}
