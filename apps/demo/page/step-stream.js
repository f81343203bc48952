/**
 * Posts a body and gives the events of the run from the answer. `EventSource` cannot post.
 *
 * Throws: an Error with `code`, `message` and `hint` as the server words them.
 */
export async function* postForSteps(url, body, signal) {
  const response = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "text/event-stream" },
    body: JSON.stringify(body),
    signal,
  });
  if (!response.ok) throw await refusalOf(response);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) throw new Error("stream ended unexpectedly");
    const lines = (rest + value).split("\n");
    rest = lines.pop();
    for (const line of lines) {
      if (line === "data: [DONE]") return;
      if (!line.startsWith("data: ")) continue;
      const event = JSON.parse(line.slice(6));
      if (event.type === "error") throw Object.assign(new Error(event.error.message), event.error);
      yield event;
    }
  }
}

async function refusalOf(response) {
  const text = await response.text();
  try {
    const { error } = JSON.parse(text);
    return Object.assign(new Error(error.message), error);
  } catch {
    return new Error(`${response.status} ${text.slice(0, 200)}`);
  }
}
