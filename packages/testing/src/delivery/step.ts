/** What a simulator does next with an answer: the pieces of which replies, recordings and faults are made. */
export type Step =
  | {
      do: "write";
      data: string | Uint8Array;
      /** An SSE data event: counted in the log. */
      event?: boolean;
      /** Tokens it carries: paced by `tokensPerSecond`, billed when written. */
      tokens?: number;
      /** Write it on its own, so that the client can read it on its own. */
      apart?: boolean;
    }
  | { do: "wait"; ms: number }
  /** Say nothing more and keep the socket open until the client leaves. */
  | { do: "stall" }
  /** TCP reset. */
  | { do: "reset" }
  /** Close the socket without ending the HTTP body. */
  | { do: "hang-up" };

/** Status line, headers and the steps that follow them. */
export interface Delivery {
  status: number;
  headers: Record<string, string>;
  steps: Iterable<Step>;
}

/** A server-sent event: `data: …` and the blank line. */
export function sseEvent(data: string, tokens?: number): Step {
  return { do: "write", data: `data: ${data}\n\n`, event: true, ...(tokens !== undefined && { tokens }) };
}

/** The comment that OpenRouter sends while it waits for a provider. */
export const keepAliveComment: Step = { do: "write", data: ": OPENROUTER PROCESSING\n\n" };

/** The blank lines that precede a JSON answer while OpenRouter waits for a provider. */
export const keepAliveWhitespace: Step = { do: "write", data: "\n         \n" };

export const doneEvent: Step = { do: "write", data: "data: [DONE]\n\n" };
