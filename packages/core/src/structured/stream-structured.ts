import type { CallScope, Engine } from "../generate/engine.js";
import { openStream } from "../generate/generate.js";
import { LateSource } from "../generate/late-source.js";
import type { StructuredRequest, StructuredStreamOf } from "../generate/structured-types.js";
import { ObjectStream } from "./object-stream.js";
import type { OpenedStructured } from "./open-structured.js";
import type { Infer, InferPartial, Schema } from "./schema.js";
import { type StructuredPart, structuredPart } from "./structured-part.js";

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
  let perDelta = false;
  let opened: OpenedStructured | undefined;
  const stream = openStream(engine, scope, request, (asked) => {
    perDelta = asked?.partials === "per-delta";
    const open = (part: StructuredPart) => {
      opened = part.openStructured(engine, scope, asked);
      return opened.source;
    };
    const { loaded } = structuredPart;
    return loaded === undefined ? new LateSource(() => structuredPart().then(open)) : open(loaded);
  });
  return new ObjectStream<Infer<S>, InferPartial<S>>(stream, () => ({
    wrapped: opened?.isWrapped() ?? false,
    perDelta,
  }));
}
