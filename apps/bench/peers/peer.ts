/** What came out of one streamed answer. */
export interface Read {
  /** Length of the concatenated text, in UTF-16 units. */
  chars: number;
  /** How many pieces of text the reader was handed. */
  pieces: number;
}

/** What came out of one streamed object. */
export interface ObjectRead {
  /** Partials that held an object and were handed to the reader. */
  updates: number;
  /** The last partial. */
  last: unknown;
}

/** A way to call the upstream. A prompt names the body that is answered with. */
export interface Peer {
  /** Reads one streamed answer to its end, the way its documentation reads text. */
  stream(prompt: string, onFirstText?: () => void): Promise<Read>;
  /** One answer without streaming: the length of its text. */
  complete(prompt: string): Promise<number>;
  /** Reads a streamed object to its end, every partial of it. Absent where there is no such thing. */
  object?(prompt: string, onPartial?: (partial: unknown) => void): Promise<ObjectRead>;
  /** The same without what is measured, in the same process. */
  readonly plain?: Peer;
}

export interface Target {
  /** `http://127.0.0.1:<port>/api/v1` */
  baseURL: string;
  /** The built core that is measured, a file URL. */
  core: string;
}

/** Every file in this folder exports it as `open`; nothing heavy is loaded before it is called. */
export type OpenPeer = (target: Target) => Promise<Peer>;

export const API_KEY = "sk-or-v1-bench";

/** In core's bundled catalogue, with prices and structured outputs: nothing is guessed or substituted for it. */
export const MODEL = "openai/gpt-4o-mini";

/** What each peer's object helper is asked for; the upstream's objects have this shape. */
export const OBJECT_SCHEMA = {
  type: "object",
  properties: {
    title: { type: "string" },
    slides: {
      type: "array",
      items: {
        type: "object",
        properties: {
          id: { type: "integer" },
          heading: { type: "string" },
          body: { type: "string" },
          score: { type: "number" },
          draft: { type: "boolean" },
          tags: { type: "array", items: { type: "string" } },
        },
        required: ["id", "heading", "body", "score", "draft", "tags"],
        additionalProperties: false,
      },
    },
  },
  required: ["title", "slides"],
  additionalProperties: false,
} as const;
