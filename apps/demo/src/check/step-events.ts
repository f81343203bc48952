import type { StepEvent } from "@signalbox/core";

/**
 * Posts a body and reads the run's events from the answer, as any client outside of this project would: a line at a
 * time, until `[DONE]`.
 *
 * Throws: Error with the answer's text where it is not an event stream, or ends without `[DONE]`.
 */
export async function* postForSteps(url: string, body: unknown, signal?: AbortSignal): AsyncGenerator<StepEvent> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
    ...(signal === undefined ? {} : { signal }),
  });
  if (!response.ok || response.body === null)
    throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
  let rest = "";
  for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      if (!line.startsWith("data: ")) continue;
      if (line === "data: [DONE]") return;
      yield JSON.parse(line.slice(6)) as StepEvent;
    }
  }
  throw new Error(`${url} ended its events without [DONE]`);
}
