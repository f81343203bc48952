import type { Readable, Writable } from "node:stream";
import { styleText } from "node:util";

type Output = Writable & { isTTY?: boolean | undefined };
type Input = Readable & { isTTY?: boolean | undefined };

/** What surrounds one run of the command. */
export interface Terminal {
  stdin: Input;
  stdout: Output;
  stderr: Output;
  /** Variables to read instead of the process's own and `.env`. */
  env?: Record<string, string | undefined> | undefined;
  /** Ctrl-C. */
  signal: AbortSignal;
  /** Loads the simulator package; rejects where it is not installed. */
  loadSimulator(): Promise<unknown>;
  /** Loads `pg` as the project in the current folder has it; rejects where it has none. */
  loadPostgres(): Promise<unknown>;
}

type Style = Parameters<typeof styleText>[0];

/** `text` in a style where `stream` is a terminal that wants colours, plain anywhere else. */
export function paint(style: Style, text: string, stream: Output): string {
  return styleText(style, text, { stream, validateStream: true });
}

/**
 * What somebody else wrote, fit for `stream`: a terminal gets no control characters, which could move its cursor, change
 * its title or write into its clipboard; line ends and tabs stay. Anything else gets the text as it is.
 */
export function harmless(text: string, stream: Output): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
  return stream.isTTY ? text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, "") : text;
}

/** Writes and waits until the reader took it; a reader that left ends the wait too. */
export async function write(stream: Output, text: string): Promise<void> {
  if (stream.destroyed || stream.write(text)) return;
  await new Promise<void>((resolve) => {
    const done = () => {
      stream.off("drain", done);
      stream.off("close", done);
      resolve();
    };
    stream.on("drain", done);
    stream.on("close", done);
  });
}

export async function writeLine(stream: Output, text: string): Promise<void> {
  await write(stream, `${text}\n`);
}
