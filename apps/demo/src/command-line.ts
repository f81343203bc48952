import { parseArgs } from "node:util";
import { DEFAULT_TOPIC, type DeckInput } from "./deck/deck-input.js";
import { readDeckInput } from "./deck/read-deck-input.js";

/** What the user wants. */
export type Command =
  | { run: "help" }
  | { run: "serve"; port: number; out: string | undefined }
  | { run: "check"; input: DeckInput; out: string | undefined }
  | { run: "terminal"; input: DeckInput; out: string | undefined };

/** A mistake in the arguments; the message is one line for the user. */
export class UsageError extends Error {}

export const HELP = `Deck Studio: a topic becomes a deck, step by step.

  npm start                              the page, on http://localhost:3000
  npm start -- --cli "<topic>"           a deck in this terminal, through core alone
  npm start -- --check "<topic>"         the same deck through core, Express and NestJS, compared

  --topic "<topic>"      the same as --cli "<topic>"
  --slides <3-12>        number of slides (8)
  --language <zh|en>     language of the deck (zh)
  --template <name>      paper, night, field or plum (paper)
  --no-search            without the search on the web
  --out <folder>         where decks are written (a folder among the temporary files)
  --port <number>        port of the page; the next free one if it is taken (3000)
  --help                 this text

OPENROUTER_API_KEY, in the environment or in .env, brings OpenRouter in; without it a simulator on this
machine answers and nothing is billed. --check always asks the simulator.
`;

/**
 * Reads the arguments of the command.
 *
 * @throws UsageError for what it does not understand; `invalid_request` for a deck that cannot be made
 */
export function readCommand(args: readonly string[]): Command {
  const { values, positionals } = parse(args);
  if (values.help) return { run: "help" };
  const { check = false, cli = false, out } = values;
  if (check && cli) throw new UsageError("--check and --cli exclude each other");
  const topics = [...(values.topic === undefined ? [] : [values.topic]), ...positionals];
  if (topics.length > 1) throw new UsageError(`one topic is enough: put “${topics.join(" ")}” in quotes`);
  const [topic] = topics;
  if (!check && !cli && values.topic === undefined) {
    if (topic !== undefined) throw new UsageError(`what is to be done with “${topic}”? Try --cli "${topic}"`);
    return { run: "serve", port: readPort(values.port), out };
  }
  const input = readDeckInput({
    topic: topic ?? DEFAULT_TOPIC,
    language: values.language,
    template: values.template,
    search: !values["no-search"],
    ...(values.slides === undefined ? {} : { slides: Number(values.slides) }),
  });
  return check ? { run: "check", input, out } : { run: "terminal", input, out };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        help: { type: "boolean", short: "h" },
        check: { type: "boolean" },
        cli: { type: "boolean" },
        topic: { type: "string" },
        slides: { type: "string" },
        language: { type: "string" },
        template: { type: "string" },
        "no-search": { type: "boolean" },
        out: { type: "string" },
        port: { type: "string" },
      },
    });
  } catch (error) {
    const [sentence = ""] = (error instanceof Error ? error.message : String(error)).split(". ");
    throw new UsageError(`${sentence}; --help lists what there is`);
  }
}

function readPort(text = "3000"): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new UsageError(`--port ${text} is not a port`);
}
