import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Account } from "./account/account.js";
import { Generations } from "./account/generations.js";
import { Keys } from "./account/keys.js";
import { asReplyOptions, type Reply } from "./answers/reply.js";
import { PromptCache } from "./cache/prompt-cache.js";
import { ResponseCache } from "./cache/response-cache.js";
import { Catalogue } from "./catalogue/catalogue.js";
import { systemClock } from "./clock.js";
import type { Fault, FaultKind, FaultOptions } from "./faults/fault.js";
import { checkOptions, type SimulatorOptions } from "./options.js";
import type { RecordedAnswer } from "./replay/recording.js";
import { RequestLog } from "./requests/request-log.js";
import type { RequestLogEntry } from "./requests/request-log-entry.js";
import { RequestQueue } from "./requests/request-queue.js";
import { serveRequest } from "./serve-request.js";
import type { Simulation } from "./simulation.js";

/** How a recorded answer is delivered. */
export interface ReplayOptions {
  /** Byte offsets at which the body is cut into separate writes. @default the recorded read boundaries */
  cuts?: readonly number[] | undefined;
  /** Milliseconds between two writes. @default 0 */
  pauseMs?: number | undefined;
  /** How many requests it answers. @default 1 */
  times?: number | undefined;
  /** Answers only requests for which this holds; without it, the next POST request. */
  when?: ((request: RequestLogEntry) => boolean) | undefined;
}

/** A running OpenRouter on this machine. */
export interface Simulator extends AsyncDisposable {
  /** `http://127.0.0.1:PORT/api/v1`: what clients take as their base URL. */
  readonly baseURL: string;
  /** Every request so far, in order of arrival. */
  readonly requests: readonly RequestLogEntry[];
  /** Queues what the model says to the next chat requests, one reply each. */
  reply(...replies: readonly Reply[]): void;
  /** Lets something go wrong with the next request (or `times` requests). */
  fault<K extends FaultKind>(kind: K, options?: FaultOptions[K]): void;
  /** Answers the next request with a recorded answer, byte by byte. */
  replay(recorded: RecordedAnswer, options?: ReplayOptions): void;
  /** The next request to arrive. */
  nextRequest(): Promise<RequestLogEntry>;
  /** The first request, past or future, for which the predicate holds; asked again whenever a request changes. */
  waitFor(predicate: (request: RequestLogEntry) => boolean): Promise<RequestLogEntry>;
  /** Ends every connection and stops listening. */
  close(): Promise<void>;
}

/** Starts a simulator of OpenRouter's HTTP API on a loopback port. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  checkOptions(options);
  const simulation = createSimulation(options);
  const server = createServer((request, response) => {
    serveRequest(simulation, request, response).catch((error: unknown) => {
      // A bug of the simulator or of a test's script must fail the test that awaits an answer, not hang it.
      console.error("signalbox simulator:", error);
      response.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closing ??= new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
    return closing;
  };
  return {
    baseURL: `http://127.0.0.1:${port}/api/v1`,
    requests: simulation.log.entries,
    reply: (...replies) => {
      for (const reply of replies.map(asReplyOptions)) simulation.replies.add(reply, reply.times, reply.when);
    },
    fault: (kind, faultOptions) => {
      const fault = { kind, options: faultOptions ?? {} } as Fault;
      simulation.faults.add(fault, fault.options.times, fault.options.when);
    },
    replay: (answer, { cuts, pauseMs = 0, times, when } = {}) =>
      simulation.recordings.add({ answer, cuts, pauseMs }, times, when),
    nextRequest: () => simulation.log.next(),
    waitFor: (predicate) => simulation.log.waitFor(predicate),
    close,
    [Symbol.asyncDispose]: close,
  };
}

function createSimulation(options: SimulatorOptions): Simulation {
  const notation = options.notation ?? "2026";
  const clock = options.clock ?? systemClock;
  return {
    seed: options.seed ?? 0,
    notation,
    clock,
    tokensPerSecond: options.tokensPerSecond,
    catalogue: new Catalogue(options.models, notation),
    account: new Account({ credits: options.credits, requestsPerMinute: options.rateLimit?.requestsPerMinute, clock }),
    keys: new Keys({ keys: options.keys, managementKeys: options.managementKeys }),
    generations: new Generations(options.generationMisses ?? 0),
    completions: new ResponseCache(clock),
    vectors: new ResponseCache(clock),
    prompts: new PromptCache(clock),
    log: new RequestLog(),
    script: options.script,
    replies: new RequestQueue(),
    faults: new RequestQueue(),
    recordings: new RequestQueue(),
    occurrences: new Map(),
  };
}
