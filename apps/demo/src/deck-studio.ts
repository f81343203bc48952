import { resolve } from "node:path";
import { LLMError } from "@signalbox/core";
import { type Answerer, chooseAnswerer } from "./answerer.js";
import { runCheck } from "./check/check.js";
import { type Command, HELP, readCommand, UsageError } from "./command-line.js";
import { DeckFolders } from "./deck/deck-folders.js";
import { noticeOf, priceInWords } from "./model-notice.js";
import { serve } from "./serve.js";
import { createStudio } from "./studio.js";
import { runInTerminal } from "./terminal/run-in-terminal.js";

/** The world outside of the command. */
export interface Surroundings {
  write: (text: string) => void;
  complain: (text: string) => void;
  /** Who answers. @default OpenRouter where a key is set, else a simulator */
  answerer?: (() => Promise<Answerer>) | undefined;
  /** Ends a server or a run in the terminal. */
  signal: AbortSignal;
}

/** Does what the arguments say. Gives the exit code; mistakes of the user are one line, not a stack. */
export async function deckStudio(args: readonly string[], surroundings: Surroundings): Promise<number> {
  try {
    return await execute(readCommand(args), surroundings);
  } catch (error) {
    if (surroundings.signal.aborted) return 130;
    if (!(error instanceof UsageError) && !LLMError.is(error)) throw error;
    const hint = LLMError.is(error) && error.hint !== undefined ? ` (${error.hint})` : "";
    surroundings.complain(`deck-studio: ${error.message}${hint}\n`);
    return 1;
  }
}

async function execute(command: Command, { write, signal, answerer = chooseAnswerer }: Surroundings): Promise<number> {
  if (command.run === "help") {
    write(HELP);
    return 0;
  }
  const folders = new DeckFolders(command.out === undefined ? undefined : resolve(command.out));
  if (command.run === "check") return runCheck({ input: command.input, folders, write });
  const who = await answerer();
  try {
    const studio = createStudio(who.llm, folders);
    if (command.run === "terminal") {
      write(whoAnswers(who, command.input.slides, command.input.search));
      return await runInTerminal(studio, command.input, write, signal);
    }
    const served = await serve(studio, who, command.port);
    write(served.notice);
    await aborted(signal);
    await served.close();
    return 0;
  } finally {
    await who.close();
  }
}

function whoAnswers({ answers, llm }: Answerer, slides: number, search: boolean): string {
  if (answers === "simulator") return "The simulator answers: no OPENROUTER_API_KEY is set, nothing is billed.\n";
  const notice = noticeOf(llm);
  return `OpenRouter answers: ${notice.notation}; about ${priceInWords(notice, slides, search)}, estimated from list prices.\n`;
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
