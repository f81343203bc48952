import { HeldAnswers } from "../cache/held-answers.js";
import type { CallScope, Engine } from "../generate/engine.js";
import { chooseModel } from "../generate/prepare-call.js";
import type { StructuredRequest } from "../generate/structured-types.js";
import { RungMemory } from "./rung-memory.js";
import type { StructuredSetup } from "./structured-call.js";

/** One for each client: its children have the same engine. */
const MEMORIES = new WeakMap<Engine, RungMemory>();

/** What a client knows around a call for an object. */
export function setupOf(
  engine: Engine,
  scope: CallScope,
  request: StructuredRequest,
  streaming: boolean,
): StructuredSetup {
  const own = request?.extraBody?.model;
  const { sent } = chooseModel(engine, scope, typeof own === "string" ? own : request?.model);
  const clocks = [...scope.timeouts, request?.timeouts];
  return {
    model: engine.catalogue.get(sent),
    modelId: sent,
    providerName: engine.provider.name,
    streaming,
    memory: memoryOf(engine),
    clock: engine.clock,
    signals: [request?.signal, ...scope.signals, engine.closing],
    totalMs: clocks.findLast((timeouts) => timeouts?.totalMs !== undefined)?.totalMs ?? 0,
    warn: (warning) => engine.emit("warning", warning),
    heldAnswers: engine.responseCache === undefined ? undefined : new HeldAnswers(),
  };
}

function memoryOf(engine: Engine): RungMemory {
  const known = MEMORIES.get(engine) ?? new RungMemory();
  MEMORIES.set(engine, known);
  return known;
}
