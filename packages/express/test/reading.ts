/** Reads a stream until a part has come; then the rest of it. */
export async function reading(answer: Response, part: string) {
  const reader = (answer.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  const more = async () => {
    const { done, value } = await reader.read();
    text += value ?? "";
    return !done;
  };
  while (!text.includes(part)) if (!(await more())) throw new Error(`ended without ${part}: ${text}`);
  return async () => {
    while (await more());
    return text;
  };
}
