import { resolveClocks } from "../generate/call-defaults.js";
import type { CallScope, Engine } from "../generate/engine.js";
import { EventStream } from "../generate/generate-stream.js";
import { prepareCall } from "../generate/prepare-call.js";
import { RunSource } from "../generate/run-source.js";
import type { StructuredRequest, StructuredStreamOf } from "../generate/structured-types.js";
import { ObjectStream } from "./object-stream.js";
import type { Infer, InferPartial, Schema } from "./schema.js";
import { StructuredCall } from "./structured-call.js";
import { setupOf } from "./structured-setup.js";
import { StructuredSource } from "./structured-source.js";

/**
 * Asks for an object that fits the request's schema and gives it while it grows.
 *
 * Shape: iterating gives partials of the schema's input, a new root each time, parts that did not change shared;
 * `result` is the validated whole, as from `generateStructured()`; `events` gives everything, a forced tool's
 * arguments as text. One reader; the stream drains itself where only `result` is asked for.
 * Units: a partial for each network read, or for each delta with `partials: "per-delta"`. Where a single open array
 * of more than 2,048 items or object of more than 64 keys is still growing, its part of a partial may lag behind.
 * Throws: nothing here; failures come out of the reader and reject `result`: what `generateStructured()` throws.
 * The means changes and the model is asked again only before the first partial.
 * Cancels: leaving the loop, `abort()` and `await using` close upstream; `result` rejects with `aborted`.
 */
export function streamStructured<S extends Schema>(
  engine: Engine,
  scope: CallScope,
  request: StructuredRequest<S>,
): StructuredStreamOf<S> {
  let call: StructuredCall | undefined;
  const source = new StructuredSource(
    (warn, left) => {
      const setup = setupOf(engine, scope, request, true);
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
    (one) => new RunSource(engine, () => prepareCall(engine, scope, one, true)),
  );
  const { idleMs } = resolveClocks(true, ...scope.timeouts, request?.timeouts);
  const stream = new EventStream(source, engine.clock, idleMs);
  return new ObjectStream<Infer<S>, InferPartial<S>>(stream, () => ({
    wrapped: call?.schema.wrapped ?? false,
    perDelta: request.partials === "per-delta",
  }));
}
