import type { CallScope, Engine } from "../generate/engine.js";
import type { EventSource } from "../generate/event-source.js";
import { openRun } from "../generate/generate.js";
import type { StructuredRequest } from "../generate/structured-types.js";
import { StructuredCall } from "./structured-call.js";
import { setupOf } from "./structured-setup.js";
import { StructuredSource } from "./structured-source.js";

/** A streamed call for an object, before it is sent. */
export interface OpenedStructured {
  source: EventSource;
  /** The object stands under `value`; known once the first request has been written. */
  isWrapped(): boolean;
}

/** The events of one call for an object, over as many requests as its ladder takes. */
export function openStructured(engine: Engine, scope: CallScope, request: StructuredRequest): OpenedStructured {
  let call: StructuredCall | undefined;
  let asked = scope;
  const source = new StructuredSource(
    (warn, left) => {
      const setup = setupOf(engine, scope, request, true);
      if (setup.heldAnswers !== undefined) asked = { ...scope, heldAnswers: setup.heldAnswers };
      call = new StructuredCall(request, {
        ...setup,
        signals: [...setup.signals, left],
        warn(warning) {
          setup.warn(warning);
          warn(warning);
        },
      });
      return call;
    },
    (one) => openRun(engine, asked, one),
  );
  return { source, isWrapped: () => call?.schema.wrapped ?? false };
}
