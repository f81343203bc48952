/** One server-sent event; absent fields are not written. */
export interface ServerSentEvent {
  data?: string | undefined;
  event?: string | undefined;
  id?: string | undefined;
}

const LINE_END = /\r\n|\r|\n/g;

/**
 * The text of one event, blank line included. Data of several lines becomes several `data:` lines; line ends inside
 * `event` and `id` are dropped, because there they would start a field of their own.
 */
export function encodeEvent({ data, event, id }: ServerSentEvent): string {
  let text = "";
  if (event !== undefined) text += `event: ${oneLine(event)}\n`;
  if (id !== undefined) text += `id: ${oneLine(id).replaceAll("\0", "")}\n`;
  if (data !== undefined) text += `data: ${data.replace(LINE_END, "\ndata: ")}\n`;
  return `${text}\n`;
}

/** A comment, which readers ignore: what keeps an idle connection open. */
export function encodeComment(text: string): string {
  return `: ${text.replace(LINE_END, "\n: ")}\n\n`;
}

function oneLine(text: string): string {
  return text.replace(/[\r\n]+/g, " ");
}
