interface WireAudio {
  id?: unknown;
  data?: unknown;
  transcript?: unknown;
  expires_at?: unknown;
  format?: unknown;
}

/** Sound as it was put together. */
interface WholeAudio {
  data: string;
  transcript?: string;
  format: string;
}

/**
 * Joins the pieces of a spoken answer. Pieces may be base64 each for itself, padding and all, or one base64 text cut
 * anywhere: what is short of four characters waits for the next piece.
 */
export class AudioPieces {
  readonly #bytes: Buffer[] = [];
  #rest = "";
  #transcript = "";
  #wire: WireAudio | undefined;

  add(audio: WireAudio): { data?: string; transcript?: string } {
    this.#wire = { ...this.#wire, ...audio };
    const piece: { data?: string; transcript?: string } = {};
    if (typeof audio.data === "string" && audio.data !== "") {
      this.#take(audio.data);
      piece.data = audio.data;
    }
    if (typeof audio.transcript === "string" && audio.transcript !== "") {
      this.#transcript += audio.transcript;
      piece.transcript = audio.transcript;
    }
    return piece;
  }

  whole(): WholeAudio | undefined {
    if (this.#wire === undefined) return undefined;
    return {
      data: Buffer.concat([...this.#bytes, Buffer.from(this.#rest, "base64")]).toString("base64"),
      ...(this.#transcript === "" ? {} : { transcript: this.#transcript }),
      format: typeof this.#wire.format === "string" ? this.#wire.format : "unknown",
    };
  }

  /** The same as a message holds it, with its id. */
  wire(): object | undefined {
    const whole = this.whole();
    return whole === undefined ? undefined : { ...this.#wire, data: whole.data, transcript: this.#transcript };
  }

  #take(data: string): void {
    const text = this.#rest + data;
    const whole = text.length - (text.length % 4);
    this.#bytes.push(Buffer.from(text.slice(0, whole), "base64"));
    this.#rest = text.slice(whole);
  }
}
