import { LLMError } from "../errors/llm-error.js";
import { nearest } from "../models/nearest.js";
import { chat } from "./chat-command.js";
import { describeFailure } from "./describe-failure.js";
import { doctor } from "./doctor-command.js";
import { UsageMistake } from "./flags.js";
import { HELP } from "./help.js";
import { listModels } from "./models-command.js";
import { showPrices } from "./price-command.js";
import { showSpending } from "./spend-command.js";
import { harmless, paint, type Terminal, writeLine } from "./terminal.js";

const COMMANDS = { doctor, models: listModels, price: showPrices, chat, spend: showSpending } as const;
const isCommand = (name: string): name is keyof typeof COMMANDS => Object.hasOwn(COMMANDS, name);

/**
 * Runs the command line and resolves with its exit code: 0 done, 1 failed, 2 wrong usage, 130 interrupted.
 * Rejects only where something went wrong that nobody foresaw.
 */
export async function runCommand(argv: readonly string[], version: string, terminal: Terminal): Promise<number> {
  const [name = "", ...args] = argv;
  const { stdout, stderr } = terminal;
  const wantsHelp = args.includes("--help") || args.includes("-h");
  if (name === "--version" || name === "-v") return done(writeLine(stdout, version));
  if (["", "help", "--help", "-h"].includes(name)) {
    const about = args[0] ?? "";
    return done(writeLine(stdout, isCommand(about) ? HELP[about] : HELP.signalbox));
  }
  try {
    if (!isCommand(name)) throw new UsageMistake(`there is no command "${name}"${meantCommand(name)}`);
    if (wantsHelp) return await done(writeLine(stdout, HELP[name]));
    return await COMMANDS[name](args, terminal);
  } catch (error) {
    if (terminal.signal.aborted) return 130;
    if (!(error instanceof UsageMistake) && !LLMError.is(error)) throw error;
    await writeLine(stderr, paint("red", harmless(describeFailure(error), stderr), stderr));
    if (!(error instanceof UsageMistake)) return 1;
    await writeLine(stderr, `See: signalbox ${isCommand(name) ? `${name} ` : ""}--help`);
    return 2;
  }
}

function meantCommand(name: string): string {
  const [meant] = nearest(name, Object.keys(COMMANDS));
  return meant === undefined ? "" : `; did you mean "${meant}"?`;
}

async function done(written: Promise<void>): Promise<number> {
  await written;
  return 0;
}
