import type { ModuleRef } from "@nestjs/core";
import type { ChatRun, LLM, ScopeOptions } from "@signalbox/core";
import { getLLMClientToken } from "./llm.tokens.js";
import { LLMRequests } from "./llm-requests.js";

/** Whose client a run asks, and what becomes of it when its starter leaves. */
interface RunOptions {
  client?: string | undefined;
  onDisconnect?: "abort" | "continue" | undefined;
}

/**
 * Begins a run that is charged to its request; with "abort" it ends when the client leaves.
 *
 * @param scope - what is added to the scope of the request
 */
export function beginRun<Run extends Pick<ChatRun, "cancel" | "settled">>(
  moduleRef: ModuleRef,
  request: object,
  scope: ScopeOptions,
  options: RunOptions,
  start: (llm: LLM) => Run,
): Run {
  const client = moduleRef.get<LLM>(getLLMClientToken(options.client), { strict: false });
  const requests = moduleRef.get(LLMRequests, { strict: false });
  const { request: known, signal } = requests.of(request);
  // The request's own scope is named: without the request context nothing carries it. What `authorize` says is added
  // to it: policies and budgets add up.
  const execute = () => start(client.scope(requests.scopeOf(client)?.(known) ?? {}).scope(scope));
  const lasts = options.onDisconnect === "continue";
  const run = lasts ? requests.outlive()(execute) : execute();
  // Also one that its caller did not wait for outlives its request, and the others have their end to write down.
  void run.settled.then(requests.live.runs({ end: (reason) => run.cancel(reason) }));
  if (lasts) return run;
  const stop = () => run.cancel(signal.reason);
  if (signal.aborted) stop();
  else signal.addEventListener("abort", stop, { once: true });
  void run.settled.then(() => signal.removeEventListener("abort", stop));
  return run;
}
