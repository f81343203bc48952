import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { LLMError } from "@signalbox/core";
import { type Answerer, chooseAnswerer } from "./answerer.js";
import { runCheck } from "./check/check.js";
import { type Command, HELP, readCommand, UsageError } from "./command-line.js";
import { DeckFolders } from "./deck/deck-folders.js";
import type { DeckInput } from "./deck/deck-input.js";
import { noticeOf, priceInWords, SEARCH_FEE } from "./model-notice.js";
import { dataFolder } from "./runs/data-folder.js";
import { SetupFault } from "./runs/setup-fault.js";
import { serve } from "./server/serve.js";
import { createStudio } from "./studio.js";
import { printable } from "./terminal/printable.js";
import { runInTerminal } from "./terminal/run-in-terminal.js";

/** A tab that was closed stops costing money; one that is reloaded is back long before. */
const LEFT_ALONE_MS = 15_000;

/** The world outside of the command. */
export interface Surroundings {
  write: (text: string) => void;
  complain: (text: string) => void;
  /** Who answers. @default OpenRouter where a key is set, else a simulator */
  answerer?: ((folder: string) => Promise<Answerer>) | undefined;
  /** Ends a server or a run in the terminal. */
  signal: AbortSignal;
}

/** Does what the arguments say. Gives the exit code; mistakes of the user are one line, not a stack. */
export async function deckStudio(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const write = (text: string) => surroundings.write(printable(text));
  try {
    return await execute(readCommand(args), { ...surroundings, write });
  } catch (error) {
    if (surroundings.signal.aborted) return 130;
    if (!(error instanceof UsageError) && !(error instanceof SetupFault) && !LLMError.is(error)) throw error;
    const hint = LLMError.is(error) && error.hint !== undefined ? ` (${error.hint})` : "";
    surroundings.complain(printable(`deck-studio: ${error.message}${hint}\n`));
    return 1;
  }
}

const ask = (folder: string) => chooseAnswerer(undefined, folder);

async function execute(command: Command, { write, signal, answerer = ask }: Surroundings): Promise<number> {
  if (command.run === "help") {
    write(HELP);
    return 0;
  }
  const out = command.out === undefined ? undefined : resolve(command.out);
  if (command.run === "check") {
    const folders = new DeckFolders(out ?? (await mkdtemp(join(tmpdir(), "deck-studio-"))));
    return runCheck({ input: command.input, folders, write });
  }
  const folders = new DeckFolders(out ?? dataFolder());
  const who = await answerer(folders.root);
  try {
    return await useStudio(command, folders, who, { write, signal });
  } finally {
    await who.close();
  }
}

async function useStudio(
  command: Extract<Command, { run: "serve" | "terminal" | "resume" }>,
  folders: DeckFolders,
  who: Answerer,
  { write, signal }: Pick<Surroundings, "write" | "signal">,
): Promise<number> {
  const leftAloneMs = command.run === "serve" ? LEFT_ALONE_MS : 0;
  const searchFeeUsd = who.answers === "openrouter" ? SEARCH_FEE : 0;
  const studio = createStudio(who.llm, folders, { leftAloneMs, searchFeeUsd });
  try {
    if (command.run === "terminal") {
      write(whoAnswers(who, command.input));
      return await runInTerminal(studio, { input: command.input }, write, signal);
    }
    if (command.run === "resume") {
      const { runId, budgetUsd } = command;
      if (budgetUsd !== undefined) studio.budgets.set(runId, budgetUsd);
      return await runInTerminal(studio, { resumeFrom: runId }, write, signal);
    }
    const served = await serve(studio, who, command.port);
    write(served.notice);
    await aborted(signal);
    await served.close();
    return 0;
  } finally {
    await studio.close();
  }
}

function whoAnswers({ answers, llm }: Answerer, { model, slides, search }: DeckInput): string {
  const notice = noticeOf(llm, model);
  if (answers === "simulator")
    return `The simulator answers: no OPENROUTER_API_KEY is set, nothing is billed. Model: ${notice.notation}.\n`;
  const price = priceInWords(notice, slides, search);
  return `OpenRouter answers: ${notice.notation}; about ${price}, estimated from list prices.\n`;
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
