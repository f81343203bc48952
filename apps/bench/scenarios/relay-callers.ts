import { Agent, request } from "node:http";

const agent = new Agent({ keepAlive: true });

/** Reads one streamed answer to its end and hands every piece on; the length of the body in bytes. */
export function readAnswer(port: number, prompt: string, onPiece?: (piece: Buffer) => void): Promise<number> {
  const body = JSON.stringify({
    model: "openai/gpt-4o-mini",
    messages: [{ role: "user", content: prompt }],
    stream: true,
  });
  const headers = { "content-type": "application/json", authorization: "Bearer ann" };
  const options = { host: "127.0.0.1", port, path: "/v1/chat/completions", method: "POST", headers, agent };
  return new Promise((resolve, reject) => {
    const call = request(options, (answer) => {
      if (answer.statusCode !== 200) reject(new Error(`answered with ${answer.statusCode}`));
      let bytes = 0;
      answer.on("data", (piece: Buffer) => {
        bytes += piece.length;
        onPiece?.(piece);
      });
      answer.on("end", () => resolve(bytes));
      answer.on("error", reject);
    });
    call.on("error", reject);
    call.end(body);
  });
}

// With its quotes: a last event may repeat the whole text.
const WRITTEN_AT = /"at:(\d+)"/g;

/** The first events of a stream pay for connections and compilers. */
const WARM_UP_EVENTS = 15;

/** How long the events of a paced answer were on their way, in microseconds. */
export async function readDelays(port: number): Promise<number[]> {
  const delays: number[] = [];
  await readAnswer(port, "bench:paced", (piece) => {
    const now = process.hrtime.bigint();
    for (const [, at = "0"] of piece.toString("latin1").matchAll(WRITTEN_AT))
      delays.push(Number(now - BigInt(at)) / 1_000);
  });
  return delays.slice(WARM_UP_EVENTS);
}
