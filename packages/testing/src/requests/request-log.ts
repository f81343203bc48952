import type { IncomingMessage } from "node:http";
import { isJsonObject, type JsonValue } from "../json.js";
import { lastUserText, messagesOf } from "../text/prompt-text.js";
import type { RequestLogEntry, RequestState } from "./request-log-entry.js";

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** An entry while its request is being answered. */
export type OpenLogEntry = Writable<RequestLogEntry>;

interface Waiter {
  predicate: (entry: RequestLogEntry) => boolean;
  resolve: (entry: RequestLogEntry) => void;
}

/** Every request of a simulator, in order of arrival. */
export class RequestLog {
  readonly entries: RequestLogEntry[] = [];
  private waiters: Waiter[] = [];
  private readonly closers = new Map<RequestLogEntry, () => void>();

  open(request: IncomingMessage, url: URL, body: JsonValue, receivedAt: number): OpenLogEntry {
    const json = isJsonObject(body) ? body : {};
    let close = (): void => {};
    const entry: OpenLogEntry = {
      id: `req-${this.entries.length + 1}`,
      at: this.entries.length,
      receivedAt,
      method: request.method ?? "GET",
      path: pathBelowApi(url) ?? url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: maskedHeaders(request),
      body,
      json,
      model: typeof json.model === "string" ? json.model : undefined,
      stream: json.stream === true,
      prompt: lastUserText(messagesOf(json)),
      events: 0,
      bytes: 0,
      state: "open",
      closed: new Promise((resolve) => {
        close = () => resolve(entry);
      }),
    };
    this.closers.set(entry, close);
    this.entries.push(entry);
    this.changed(entry);
    return entry;
  }

  settle(entry: OpenLogEntry, state: Exclude<RequestState, "open">): void {
    if (entry.state !== "open") return;
    entry.state = state;
    this.closers.get(entry)?.();
    this.closers.delete(entry);
    this.changed(entry);
  }

  /** Tells those who wait that an entry has changed. */
  changed(entry: RequestLogEntry): void {
    if (this.waiters.length === 0) return;
    const satisfied = this.waiters.filter((waiter) => waiter.predicate(entry));
    if (satisfied.length === 0) return;
    this.waiters = this.waiters.filter((waiter) => !satisfied.includes(waiter));
    for (const waiter of satisfied) waiter.resolve(entry);
  }

  /** The first entry, present or future, for which the predicate holds. */
  waitFor(predicate: Waiter["predicate"]): Promise<RequestLogEntry> {
    const present = this.entries.find(predicate);
    if (present) return Promise.resolve(present);
    return new Promise((resolve) => this.waiters.push({ predicate, resolve }));
  }

  /** The next request to arrive. */
  next(): Promise<RequestLogEntry> {
    const from = this.entries.length;
    return this.waitFor((entry) => entry.at >= from);
  }
}

/** The path below `/api/v1`; `undefined` where OpenRouter's API does not reach. */
export function pathBelowApi({ pathname }: URL): string | undefined {
  return /^\/api\/v1(\/.*)$/.exec(pathname)?.[1];
}

function maskedHeaders(request: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(", ") : value;
  }
  if (headers.authorization !== undefined) headers.authorization = masked(headers.authorization);
  return headers;
}

function masked(authorization: string): string {
  const [scheme = "", key = ""] = authorization.split(/\s+/, 2);
  return `${scheme} ***${key.length > 8 ? key.slice(-4) : ""}`;
}
