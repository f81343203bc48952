import { cutOff, type ServerAnswer } from "@signalbox/core/node";
import { rawResponse } from "./http-request.js";

/** What Nest and its filters use of a response of Express or a reply of Fastify. */
export interface FrameworkAnswer {
  /** Sets the status. */
  status(code: number): FrameworkAnswer;
  /** Sets a header. */
  header(name: string, value: string): FrameworkAnswer;
  /** Takes a header back. */
  removeHeader(name: string): unknown;
  /** Sends the body and ends the answer. */
  send(body: unknown): unknown;
}

interface FastifyReply extends FrameworkAnswer {
  raw: ServerAnswer;
  getHeaders(): Record<string, number | string | string[] | undefined>;
  hijack(): unknown;
}

/** The response of a handler that writes it itself. */
export class HttpAnswer {
  readonly raw: ServerAnswer;
  readonly #answer: FrameworkAnswer;
  #giveBack: () => void = () => {};

  constructor(answer: object) {
    this.raw = rawResponse(answer);
    this.#answer = answer as FrameworkAnswer;
    if ("hijack" in answer) this.#giveBack = takeFromFastify(answer as FastifyReply);
  }

  /** Nothing has been written: the framework may answer. */
  release(): void {
    this.#giveBack();
    this.#giveBack = () => {};
  }

  /** It has been written: what Nest would send for the handler's value is not sent. */
  answered(): void {
    const drop = () => this.#answer;
    if ("hijack" in this.#answer) (this.#answer as FastifyReply).hijack();
    Object.assign(this.#answer, { send: drop, json: drop });
  }

  /** It cannot be finished any more: breaks off what has begun. */
  cut(): void {
    if (this.raw.headersSent) cutOff(this.raw);
    else this.release();
  }
}

/**
 * Lets Node's response be written to, with the headers set on the reply. Fastify gives the reply up only as the first
 * byte goes out, so that errors before it are answered as always.
 */
function takeFromFastify(reply: FastifyReply): () => void {
  const { raw } = reply;
  const added = Object.entries(reply.getHeaders()).filter(([name]) => !raw.hasHeader(name));
  for (const [name, value] of added) if (value !== undefined) raw.setHeader(name, value);
  const own = Object.getOwnPropertyDescriptor(raw, "writeHead");
  const { writeHead } = raw;
  const giveBack = () => {
    if (own === undefined) Reflect.deleteProperty(raw, "writeHead");
    else Object.defineProperty(raw, "writeHead", own);
  };
  const value = (...args: unknown[]) => {
    giveBack();
    reply.hijack();
    return Reflect.apply(writeHead, raw, args);
  };
  Object.defineProperty(raw, "writeHead", { value, configurable: true, writable: true });
  return () => {
    if (raw.headersSent) return;
    giveBack();
    for (const [name] of added) raw.removeHeader(name);
  };
}
