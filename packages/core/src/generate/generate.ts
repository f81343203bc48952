import { resolveClocks } from "./call-defaults.js";
import type { CallScope, Engine } from "./engine.js";
import type { GenerateRequest } from "./generate-request.js";
import type { GenerateResult } from "./generate-result.js";
import { EventStream } from "./generate-stream.js";
import { prepareCall } from "./prepare-call.js";
import { RunSource } from "./run-source.js";
import { runTurns } from "./run-turns.js";

/** Asks for a whole answer and waits for it. */
export async function generate(engine: Engine, scope: CallScope, request: GenerateRequest): Promise<GenerateResult> {
  const turns = runTurns(engine, prepareCall(engine, scope, request, false), false);
  for (;;) {
    const turn = await turns.next();
    if (turn.done) return turn.value;
  }
}

/** Asks for a streamed answer. Never throws: every failure comes out of the stream. */
export function stream(engine: Engine, scope: CallScope, request: GenerateRequest): EventStream {
  const { idleMs } = resolveClocks(true, ...scope.timeouts, request?.timeouts);
  return new EventStream(new RunSource(engine, () => prepareCall(engine, scope, request, true)), engine.clock, idleMs);
}
