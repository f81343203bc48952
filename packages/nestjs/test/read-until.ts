/** Reads an answer until what came satisfies `enough`; the rest is left unread. */
export async function readUntil(answer: Response, enough: (text: string) => boolean) {
  const reader = (answer.body as ReadableStream<Uint8Array>).getReader();
  const decoder = new TextDecoder();
  let text = "";
  while (!enough(text)) {
    const { done, value } = await reader.read();
    if (done) break;
    text += decoder.decode(value, { stream: true });
  }
  return { text, leave: () => reader.cancel() };
}
