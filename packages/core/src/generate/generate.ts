import { asItIs } from "./as-it-is.js";
import { resolveClocks } from "./call-defaults.js";
import type { CallScope, Engine } from "./engine.js";
import type { EventSource } from "./event-source.js";
import type { GenerateRequest } from "./generate-request.js";
import type { GenerateResult } from "./generate-result.js";
import { EventStream } from "./generate-stream.js";
import { LateSource } from "./late-source.js";
import { prepareCall } from "./prepare-call.js";
import { RunSource } from "./run-source.js";
import { runTurns } from "./run-turns.js";
import { needsTools, type ToolLoop, toolPart } from "./tool-part.js";
import { withPart } from "./with-part.js";

/** Asks for a whole answer and waits for it. */
export function generate(engine: Engine, scope: CallScope, request: GenerateRequest): Promise<GenerateResult> {
  if (!needsTools(request)) return answer(engine, scope, request, undefined);
  return withPart(toolPart, request, (loop, asked) => answer(engine, scope, asked, loop));
}

async function answer(
  engine: Engine,
  scope: CallScope,
  request: GenerateRequest,
  loop: ToolLoop | undefined,
): Promise<GenerateResult> {
  const turns = runTurns(engine, prepareCall(engine, scope, request, { stream: false, loop }), false);
  for (;;) {
    const turn = await turns.next();
    if (turn.done) return turn.value;
  }
}

/** Asks for a streamed answer. Never throws: every failure comes out of the stream. */
export function stream(engine: Engine, scope: CallScope, request: GenerateRequest): EventStream {
  return openStream(engine, scope, request, (asked) => openRun(engine, scope, asked));
}

/** The stream of what `open` gives for a request as it is now; one that cannot even be read fails the stream. */
export function openStream<R extends GenerateRequest>(
  engine: Engine,
  scope: CallScope,
  request: R,
  open: (asked: R) => EventSource,
): EventStream {
  try {
    const asked = asItIs(request);
    const { idleMs } = resolveClocks(true, ...scope.timeouts, asked?.timeouts);
    return new EventStream(open(asked), engine.clock, idleMs);
  } catch (error) {
    const failing = new RunSource(engine, () => {
      throw error;
    });
    return new EventStream(failing, engine.clock, 0);
  }
}

/** The events of one streamed call. */
export function openRun(engine: Engine, scope: CallScope, request: GenerateRequest): EventSource {
  const open = () =>
    new RunSource(engine, () => prepareCall(engine, scope, request, { stream: true, loop: toolPart.loaded }));
  if (!needsTools(request) || toolPart.loaded !== undefined) return open();
  return new LateSource(() => toolPart().then(open));
}
