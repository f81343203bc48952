/** One server-sent event, as a browser would read it. */
export interface ReceivedEvent {
  event: string | undefined;
  id: string | undefined;
  data: string;
}

/** The events of a whole answer; comments are left out. */
export function readEvents(text: string): ReceivedEvent[] {
  return text
    .split("\n\n")
    .map((block) => block.split("\n").filter((line) => line !== "" && !line.startsWith(":")))
    .filter((lines) => lines.length > 0)
    .map((lines) => {
      const values = (name: string) =>
        lines.filter((line) => line.startsWith(`${name}: `)).map((line) => line.slice(name.length + 2));
      return { event: values("event")[0], id: values("id")[0], data: values("data").join("\n") };
    });
}

/** The parsed data of every event but `[DONE]`. */
export function readData(text: string): Record<string, unknown>[] {
  return readEvents(text)
    .filter(({ data }) => data !== "[DONE]")
    .map(({ data }) => JSON.parse(data) as Record<string, unknown>);
}
