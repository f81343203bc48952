import type { ServerResponse } from "node:http";
import { type PipeOptions, type PipeOutcome, pipeStream } from "../src/node/pipe-stream.js";
import { AnswerServer } from "./answer-server.js";
import { ScriptedSource } from "./scripted-source.js";

/** Listeners of every kind that piping sets, the one on the socket last. */
export const pipeListeners = (res: ServerResponse) =>
  ["drain", "error", "close", "finish"]
    .map((name) => res.listenerCount(name))
    .concat(res.req.socket.listenerCount("end"));

/** Serves one stream and tells how the piping went. */
export async function piped(
  source: ScriptedSource | AsyncIterable<unknown>,
  options?: PipeOptions,
  before?: (res: ServerResponse) => void,
) {
  const outcome = Promise.withResolvers<PipeOutcome>();
  const left: number[][] = [];
  const server = await AnswerServer.start(async (_req, res) => {
    before?.(res);
    const had = pipeListeners(res);
    const pipe = pipeStream(source instanceof ScriptedSource ? source.stream : source, res, options);
    pipe.then(outcome.resolve, outcome.reject);
    try {
      return await pipe;
    } finally {
      left.push(pipeListeners(res).map((count, index) => count - (had[index] ?? 0)));
    }
  });
  outcome.promise.catch(() => {});
  return { server, outcome: outcome.promise, left, url: server.url };
}
