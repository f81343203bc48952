import type { ServerResponse } from "node:http";
import type { OpenLogEntry, RequestLog } from "../requests/request-log.js";

/** One request and the answer being written to it; knows at once when the client leaves. */
export class Exchange {
  /** The key that was judged. */
  apiKey = "";
  /** Tokens of the answer that were written. */
  tokensWritten = 0;
  /** Called once, before the log entry is settled: the place to bill what was written. */
  onEnd: (clientLeft: boolean) => void = () => {};
  private readonly controller = new AbortController();
  private ending = false;

  constructor(
    readonly response: ServerResponse,
    readonly entry: OpenLogEntry,
    private readonly log: RequestLog,
  ) {
    response.on("close", () => this.onClose());
  }

  /** Fires when the connection is gone, whoever ended it. */
  get gone(): AbortSignal {
    return this.controller.signal;
  }

  /** Says that the connection ends by our own doing. */
  willEnd(): void {
    this.ending = true;
  }

  wrote(bytes: number, event: boolean, tokens: number): void {
    this.entry.bytes += bytes;
    this.tokensWritten += tokens;
    if (event) this.entry.events += 1;
    this.log.changed(this.entry);
  }

  private onClose(): void {
    this.controller.abort();
    const clientLeft = !this.ending && !this.response.writableFinished;
    this.onEnd(clientLeft);
    this.log.settle(this.entry, clientLeft ? "closed-by-client" : "finished");
  }
}
