import type { AudioAnswer } from "./generate-result.js";

interface WireAudio {
  id?: unknown;
  data?: unknown;
  transcript?: unknown;
  expires_at?: unknown;
  format?: unknown;
}

/** Joins the pieces of a spoken answer. Every piece is base64 of its own, so the bytes are joined, not the texts. */
export class AudioPieces {
  readonly #bytes: Buffer[] = [];
  #transcript = "";
  #wire: WireAudio | undefined;

  add(audio: WireAudio): { data?: string; transcript?: string } {
    this.#wire = { ...this.#wire, ...audio };
    const piece: { data?: string; transcript?: string } = {};
    if (typeof audio.data === "string" && audio.data !== "") {
      this.#bytes.push(Buffer.from(audio.data, "base64"));
      piece.data = audio.data;
    }
    if (typeof audio.transcript === "string" && audio.transcript !== "") {
      this.#transcript += audio.transcript;
      piece.transcript = audio.transcript;
    }
    return piece;
  }

  whole(): AudioAnswer | undefined {
    if (this.#wire === undefined) return undefined;
    return {
      data: Buffer.concat(this.#bytes).toString("base64"),
      ...(this.#transcript === "" ? {} : { transcript: this.#transcript }),
      format: typeof this.#wire.format === "string" ? this.#wire.format : "unknown",
    };
  }

  wire(): object | undefined {
    const whole = this.whole();
    return whole === undefined ? undefined : { ...this.#wire, data: whole.data, transcript: this.#transcript };
  }
}
