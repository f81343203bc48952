/** How `readEvents` asks: what `fetch` takes, how many connections in a row may break, and the first wait between them. */
export type ReadOptions = RequestInit & {
  reconnects?: number | undefined;
  delayMs?: number | undefined;
  /** Hears the address of a run that lasts: GET follows it, after a reload too, DELETE stops it. */
  onRun?: ((address: string) => void) | undefined;
};

/** What `readEvents` throws: the server's words; `code` is `cut` for an answer that broke off. */
export type EventsError = Error & {
  code?: string;
  status?: number;
  hint?: string;
  retryable?: boolean;
  retryAfterMs?: number;
};

/**
 * Reads an answer of `chatHandler`, `@ChatStream()`, `chatRouter` or `stepsRouter` event by event; needs only `fetch`.
 *
 * Answers with a `Location`, and events with ids that GET brings, belong to a run that lasts: where their connection
 * breaks, is answered with 502 to 504 or ended by a server that shuts down, the run is followed on behind the last id,
 * by GET of the `Location`, up to `reconnects` times (5), after `delayMs` (500), doubled up to 10 s, or later where the
 * server says so: nothing is lost or told twice. Any other break is an error.
 * Throws an {@link EventsError}; aborting `signal`, or leaving the loop, ends everything.
 */
export async function* readEvents<T>(url: string, options: ReadOptions = {}): AsyncGenerator<T, void> {
  const { reconnects = 5, delayMs = 500, onRun, body, method = "GET", ...init } = options;
  let asked: RequestInit = body == null ? { ...init, method } : { ...init, method, body };
  const given = new Headers(init.headers).get("last-event-id") ?? "";
  for (let address = url, lastId = given, broken = 0, rest = ""; ; ) {
    try {
      const response = await fetch(address, asked);
      if (!response.ok) throw failed((await response.json().catch(() => ({}))) as Failure, response.status);
      const location = response.headers.get("location");
      [address, rest] = [new URL(location ?? "", response.url).href, ""];
      if (location !== null) {
        lastId ||= "0";
        onRun?.(address);
      }
      // A run that no address was given for is not kept: there is nothing to come back to.
      const isKept = lastId !== "" || /^get$/i.test(method);
      for await (const text of textOf(response)) {
        const blocks = (rest + text).split(/\r?\n\r?\n/);
        rest = blocks.pop() ?? "";
        for (const block of blocks) {
          const [, data] = /(?:^|\n)data: ?([^\r\n]*)/.exec(block) ?? [];
          if (data === undefined) continue;
          if (data === "[DONE]") return;
          const event = JSON.parse(data) as Awaited<T> & Failure & { type?: string };
          if (event.type === "error") throw failed(event);
          const [, id] = /(?:^|\n)id: ?([^\r\n]*)/.exec(block) ?? [];
          if (id !== undefined && isKept) [lastId, broken] = [id, 0];
          yield event;
        }
      }
      throw failed({ error: { message: "the answer broke off", code: "cut" } });
    } catch (error) {
      const { code, status = 0, retryable, retryAfterMs = 0 } = error as EventsError;
      const isLeft = code === "aborted" && retryable === true;
      const isCut = error instanceof TypeError || code === "cut" || isLeft || [502, 503, 504].includes(status);
      if (!isCut || lastId === "" || broken++ >= reconnects || init.signal?.aborted) throw error;
      const wait = Math.max(retryAfterMs, Math.min(delayMs * 2 ** (broken - 1), 10_000));
      await new Promise((on) => {
        setTimeout(on, wait);
        init.signal?.addEventListener("abort", on, { once: true });
      });
      asked = { ...init, headers: { ...Object.fromEntries(new Headers(init.headers)), "last-event-id": lastId } };
    }
  }
}

type Failure = { error?: Partial<EventsError> };
function failed({ error }: Failure, status?: number): EventsError {
  return Object.assign(new Error(error?.message ?? `the server answered with ${status}`), error, status && { status });
}

async function* textOf({ body }: Response): AsyncGenerator<string> {
  const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
  try {
    for (let read = await reader?.read(); read && !read.done; read = await reader?.read()) yield read.value;
  } finally {
    await reader?.cancel().catch(() => {});
  }
}
