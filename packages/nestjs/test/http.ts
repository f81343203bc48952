/** Posts JSON, as a browser would. */
export function post(url: string, body: unknown = {}, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
}

export interface ServerSentEvent {
  id?: string;
  event?: string;
  data?: string;
}

/** The server-sent events of a whole answer; comments are left out. */
export function serverSentEvents(text: string): ServerSentEvent[] {
  return text
    .split("\n\n")
    .map((block) => {
      const fields = block.split("\n").filter((line) => line !== "" && !line.startsWith(":"));
      return Object.fromEntries(
        fields.map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 2)]),
      );
    })
    .filter((event) => Object.keys(event).length > 0);
}

/** The JSON texts of the events of a whole answer, and whether `[DONE]` ended it. */
export function streamEvents(text: string): { events: { type?: string; [field: string]: unknown }[]; done: boolean } {
  const data = serverSentEvents(text).flatMap((event) => (event.data === undefined ? [] : [event.data]));
  const done = data.at(-1) === "[DONE]";
  return { events: data.slice(0, done ? -1 : undefined).map((each) => JSON.parse(each)), done };
}
