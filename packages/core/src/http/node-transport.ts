import type { ClientRequest, IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import type { Clock } from "./clock.js";
import { Exchange, type Wire } from "./exchange.js";
import { headerRecord } from "./header-record.js";
import { type NodeAgents, nodeAgents } from "./node-agents.js";
import type { ProxyVariables } from "./proxy-variables.js";
import type { Transport, TransportRequest } from "./transport.js";

const STALE_CODES = new Set(["ECONNRESET", "EPIPE"]);
/** A kept socket that breaks later than this was not stale: the request may have run. */
const STALE_WITHIN_MS = 1_000;

/**
 * The default transport: `node:http` and `node:https`, loaded with the first request.
 *
 * @param options.env - where `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` are read; `process.env` by default
 */
export function nodeTransport(options: { clock: Clock; env?: ProxyVariables | undefined }): Transport {
  const agents = nodeAgents(options.env ?? process.env);
  const transport: Transport = (request) => {
    const exchange = new Exchange(request, options.clock);
    const { answer } = exchange;
    if (exchange.open) new NodeRequest(agents, options.clock, request, exchange).send(false);
    return answer;
  };
  transport.close = () => agents.close();
  return transport;
}

class NodeRequest implements Wire {
  readonly #agents: NodeAgents;
  readonly #clock: Clock;
  /** Until the answer is here. */
  #request: TransportRequest | undefined;
  readonly #exchange: Exchange;
  #outgoing: ClientRequest | undefined;
  #answer: IncomingMessage | undefined;
  #bytesBefore = 0;
  #sentAt = 0;

  constructor(agents: NodeAgents, clock: Clock, request: TransportRequest, exchange: Exchange) {
    this.#agents = agents;
    this.#clock = clock;
    this.#request = request;
    this.#exchange = exchange;
  }

  send(fresh: boolean): void {
    if (this.#request === undefined) return;
    const { url, method, headers, body } = this.#request;
    try {
      const bodyLength = body === undefined ? undefined : Buffer.byteLength(body);
      const outgoing = this.#agents.request(url, { method, headers, bodyLength }, fresh);
      this.#outgoing = outgoing;
      this.#exchange.attach(this);
      if (!outgoing.reusedSocket) this.#exchange.connecting();
      outgoing.once("socket", (socket) => this.#onSocket(outgoing, socket));
      outgoing.once("response", (response) => this.#onResponse(response));
      outgoing.on("error", (error) => this.#onError(outgoing, error, fresh));
      outgoing.once("close", () => this.#onClose(outgoing));
      outgoing.end(body);
    } catch (error) {
      this.#exchange.failed(error);
    }
  }

  start(): void {
    this.#answer?.on("data", (bytes: Uint8Array) => this.#exchange.bytes(bytes));
  }

  pause(): void {
    this.#answer?.pause();
  }

  resume(): void {
    this.#answer?.resume();
  }

  destroy(): void {
    this.#outgoing?.destroy();
  }

  #onSocket(outgoing: ClientRequest, socket: Socket): void {
    this.#bytesBefore = socket.bytesRead;
    this.#sentAt = this.#clock.now();
    const { secureConnecting } = socket as Socket & { secureConnecting?: boolean };
    const { background = false } = this.#request ?? {};
    const ready = () => {
      // Again: the next address that was tried came with a handle of its own.
      if (background) socket.unref();
      this.#exchange.connected();
    };
    // The pool refs it when another request takes it.
    if (background) socket.unref();
    if (outgoing.reusedSocket || !(socket.connecting || secureConnecting)) ready();
    else socket.once(outgoing.protocol === "https:" ? "secureConnect" : "connect", ready);
  }

  #onResponse(response: IncomingMessage): void {
    this.#answer = response;
    this.#request = undefined;
    response.once("end", () => {
      this.#exchange.ended();
      // Answered before all of it was sent: a server that reads no further would hold the connection for ever.
      if (!this.#outgoing?.writableFinished) this.#outgoing?.destroy();
    });
    response.on("error", (error) => this.#exchange.failed(error));
    const headers = headerRecord(response.headers);
    this.#exchange.headers(response.statusCode ?? 0, headers, headers["content-encoding"]);
  }

  #onError(outgoing: ClientRequest, error: NodeJS.ErrnoException, fresh: boolean): void {
    // After the headers the body itself reports how it ended.
    if (this.#answer !== undefined) return;
    const { resend = true } = this.#request ?? {};
    if (resend && !fresh && this.#exchange.open && this.#wasStale(outgoing, error)) this.send(true);
    else this.#exchange.failed(error);
  }

  /**
   * Safety net: a request that closes with neither answer nor error, as Node closes one that is answered with 101, and
   * a body that closes with neither end nor error. Its own error is on its way then.
   */
  #onClose(outgoing: ClientRequest): void {
    if (outgoing !== this.#outgoing || !this.#exchange.open || this.#answer?.complete) return;
    if (this.#answer === undefined) this.#exchange.failed(new Error("closed without an answer"));
    else setImmediate(() => this.#exchange.failed(new Error("closed before the end")));
  }

  /** A kept socket that the server had closed: nothing of an answer came, and at once. */
  #wasStale({ reusedSocket, socket }: ClientRequest, { code = "" }: NodeJS.ErrnoException): boolean {
    const untouched = socket === null || socket.bytesRead === this.#bytesBefore;
    return reusedSocket && untouched && STALE_CODES.has(code) && this.#clock.now() - this.#sentAt < STALE_WITHIN_MS;
  }
}
