import { toJsonObject } from "../answers/reply.js";
import type { Delivery, Step } from "../delivery/step.js";
import { doneEvent, keepAliveComment, keepAliveWhitespace, sseEvent } from "../delivery/step.js";
import type { JsonObject } from "../json.js";
import type { Fault, MidstreamErrorFault } from "./fault.js";

/** What a body fault needs to know of the answer it spoils. */
export interface FaultScene {
  stream: boolean;
  /** id, object, created, model, provider of the answer's chunks. */
  chunkHead: JsonObject;
  provider: string;
  /** The `usage` block of an answer of which so many tokens were written. */
  usageAfter: (tokensWritten: number) => JsonObject;
}

type ErrorWriter = (tokensWritten: number) => readonly Step[];

/** The same chat answer with the fault in its body; faults that do not concern bodies leave it alone. */
export function spoil(delivery: Delivery, fault: Fault, scene: FaultScene): Delivery {
  if (fault.kind !== "midstream-error") return spoilBody(delivery, fault, scene.stream) ?? delivery;
  const { options } = fault;
  return scene.stream
    ? broken(delivery, true, options.after, (written) => errorSteps(options, scene, written))
    : delivery;
}

/** Any delivery with the fault in its body; `undefined` where the fault is not one of bodies in general. */
export function spoilBody(delivery: Delivery, fault: Fault, stream: boolean): Delivery | undefined {
  switch (fault.kind) {
    case "wrong-content-type":
      return {
        ...delivery,
        headers: { ...delivery.headers, "content-type": fault.options.contentType ?? "text/plain" },
      };
    case "slow":
      return { ...delivery, steps: slowly(delivery.steps, fault.options.everyMs ?? 50) };
    case "comments-only":
      return {
        ...delivery,
        steps: keepAlives(stream ? keepAliveComment : keepAliveWhitespace, fault.options.everyMs ?? 1000),
      };
    case "cut":
      return broken(delivery, stream, fault.options.after, () => (fault.options.abrupt ? [{ do: "hang-up" }] : []));
    case "reset":
      return broken(delivery, stream, fault.options.after, () => [{ do: "reset" }]);
    case "stall":
      return broken(delivery, stream, fault.options.after, () => [{ do: "stall" }]);
    case "malformed-json":
      return broken(delivery, stream, fault.options.after, () => (stream ? [sseEvent('{"id":"gen-', 0)] : []), stream);
    default:
      return undefined;
  }
}

function* slowly(steps: Iterable<Step>, ms: number): Generator<Step> {
  for (const step of steps) {
    if (step.do === "write") yield { do: "wait", ms };
    yield step.do === "write" ? { ...step, apart: true } : step;
  }
}

function* keepAlives(step: Step, everyMs: number): Generator<Step> {
  while (true) {
    yield step;
    yield { do: "wait", ms: everyMs };
  }
}

/** The first `after` deltas (or half of a JSON body), then the given steps; `resume` goes on with the rest after them. */
function broken(delivery: Delivery, stream: boolean, after = 3, then: ErrorWriter, resume = false): Delivery {
  return {
    ...delivery,
    steps: stream ? brokenStream(delivery.steps, after, then, resume) : brokenBody(delivery.steps, after, then),
  };
}

function* brokenStream(steps: Iterable<Step>, after: number, then: ErrorWriter, resume: boolean): Generator<Step> {
  let deltas = 0;
  let tokens = 0;
  let done = false;
  for (const step of steps) {
    const isEvent = step.do === "write" && step.event === true;
    const isDelta = isEvent && step.tokens !== undefined;
    // An answer shorter than `after` breaks before its finish event.
    if (!done && isEvent && (deltas >= after || !isDelta)) {
      done = true;
      yield* then(tokens);
      if (!resume) return;
    }
    if (isDelta) {
      deltas += 1;
      tokens += step.tokens ?? 0;
    }
    yield step;
  }
}

function* brokenBody(steps: Iterable<Step>, after: number, then: ErrorWriter): Generator<Step> {
  for (const step of steps) {
    if (step.do !== "write" || step.tokens === undefined) {
      yield step;
      continue;
    }
    const body = Buffer.from(step.data);
    if (after > 0) yield { ...step, data: body.subarray(0, Math.floor(body.length / 2)) };
    yield* then(0);
    return;
  }
}

function errorSteps(options: MidstreamErrorFault, scene: FaultScene, tokensWritten: number): Step[] {
  const { chunkHead, provider } = scene;
  const error: JsonObject = {
    code: options.code ?? 502,
    message: options.message ?? `Upstream error from ${provider}: the provider stopped responding.`,
    ...(options.metadata && { metadata: toJsonObject(options.metadata) }),
  };
  const choice = (finish: string | null, more: JsonObject = {}): JsonObject => ({
    index: 0,
    delta: { content: "", role: "assistant" },
    finish_reason: finish,
    native_finish_reason: null,
    ...more,
  });
  const event = (more: JsonObject): Step => sseEvent(JSON.stringify({ ...chunkHead, ...more }), 0);
  switch (options.form) {
    case "no-choices":
      return [event({ error, choices: [] })];
    case "recorded":
      // What was recorded finished as "length" before it failed.
      return [
        event({ choices: [choice("length", { native_finish_reason: "length", logprobs: null })] }),
        event({ error, choices: [choice(null, { logprobs: null })], usage: scene.usageAfter(tokensWritten) }),
        doneEvent,
      ];
    default:
      return [event({ error, choices: [choice("error")] })];
  }
}
