/** A file that only grows, and that other processes may append to at the same time. */
export class AppendedFile {
  readonly #path: string;
  /** Where our latest write ended: if that is still the end, it is a line's end. */
  #end: number | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  /**
   * Appends whole lines, in one write. The file is opened anew each time: one that was moved away meanwhile, such as by
   * a rotation of logs, gets no more.
   */
  async append(lines: readonly string[]): Promise<void> {
    const { open } = process.getBuiltinModule("node:fs/promises");
    const file = await open(this.#path, "a+", 0o600);
    try {
      const { size } = await file.stat();
      let isTorn = false;
      if (size > 0 && size !== this.#end) {
        const { buffer } = await file.read({ buffer: Buffer.alloc(1), position: size - 1 });
        isTorn = buffer[0] !== LINE_END;
      }
      this.#end = undefined;
      const text = Buffer.from(lines.join(""));
      // A line that only begins is ended first: ours is not to be its rest.
      const { bytesWritten } = await file.write(isTorn ? Buffer.concat([BREAK, text]) : text);
      const written = bytesWritten - (isTorn ? 1 : 0);
      if (written < text.length) await this.#again(file, text);
      else this.#end = size + bytesWritten;
    } finally {
      await file.close();
    }
  }

  /** After a write that was cut short: the lines whole, behind what there is of them. That some come twice is no harm. */
  async #again(file: { write(bytes: Buffer): Promise<{ bytesWritten: number }> }, text: Buffer): Promise<void> {
    const { bytesWritten } = await file.write(Buffer.concat([BREAK, text]));
    if (bytesWritten <= text.length) throw new Error("the file takes no more");
  }

  /** Its lines, the last one also where it is not ended; none where there is no file. */
  async *lines(): AsyncGenerator<string> {
    const { createReadStream } = process.getBuiltinModule("node:fs");
    // Not by `readline`, which ends a line at U+2028 and U+2029 too: JSON has them in its texts.
    let line = "";
    try {
      for await (const text of createReadStream(this.#path, { encoding: "utf8", highWaterMark: READ_SIZE })) {
        const [end = "", ...next] = String(text).split("\n");
        line += end;
        for (const begun of next) {
          yield line;
          line = begun;
        }
      }
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return;
      throw error;
    }
    if (line !== "") yield line;
  }
}

const READ_SIZE = 256 * 1024;
const LINE_END = 10;
const BREAK = Buffer.from([LINE_END]);
