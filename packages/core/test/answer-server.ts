import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";

type Handle = (req: IncomingMessage, res: ServerResponse) => unknown;

/** A server on 127.0.0.1 whose handler a test writes; a handler that fails before the headers answers 500. */
export class AnswerServer implements AsyncDisposable {
  readonly #server: Server;
  /** Handlers that are running or have run, in the order of their requests. */
  readonly handled: Promise<unknown>[] = [];

  private constructor(handle: Handle) {
    this.#server = createServer((req, res) => {
      const run = (async () => handle(req, res))();
      this.handled.push(run);
      run.catch((error: unknown) => {
        if (res.headersSent || res.destroyed) return;
        res.statusCode = 500;
        res.end(String(error));
      });
    });
  }

  static async start(handle: Handle): Promise<AnswerServer> {
    const server = new AnswerServer(handle);
    server.#server.listen(0, "127.0.0.1");
    await once(server.#server, "listening");
    return server;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }
}

/** A client that is nothing but a socket: it may leave, stop reading, or close its half. */
export class RawClient {
  readonly socket: Socket;
  text = "";
  #changed = Promise.withResolvers<void>();
  #closed = false;

  constructor(port: number, options: { reading?: boolean } = {}) {
    this.socket = connect(port, "127.0.0.1");
    this.socket.setEncoding("utf8");
    this.socket.on("error", () => {});
    this.socket.on("close", () => {
      this.#closed = true;
      this.#notify();
    });
    if (options.reading !== false) {
      this.socket.on("data", (piece: string) => {
        this.text += piece;
        this.#notify();
      });
    }
    this.socket.write("GET / HTTP/1.1\r\nHost: test\r\n\r\n");
  }

  /** Waits until the answer contains `part`; fails when the connection closes first. */
  async until(part: string): Promise<void> {
    while (!this.text.includes(part)) {
      if (this.#closed) throw new Error(`closed without ${JSON.stringify(part)}: ${this.text}`);
      await this.#changed.promise;
    }
  }

  async closed(): Promise<void> {
    while (!this.#closed) await this.#changed.promise;
  }

  #notify(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers<void>();
  }
}

/** Lets the event loop turn until `condition` holds. */
export async function turnUntil(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}
