import type { Engine } from "../generate/engine.js";
import type { PreparedCall } from "../generate/prepare-call.js";
import { present } from "../generate/present.js";
import { requestId } from "../generate/request-id.js";
import type { ChatBody } from "../messages/chat-body.js";
import type { Cost } from "../usage/usage.js";
import type { KeptTurn } from "./kept-turn.js";

/** What a kept answer costs. */
export const NO_COST: Cost = { usd: 0, isByok: false, totalUsd: 0, source: "provider" };

/**
 * Tells of an answer that was kept: `on("usage")`, marked; the ledger and the telemetry as a request that was answered
 * without having been sent, for nothing and of no tokens. The meter counts what was taken from upstream: not this.
 */
export async function tellHit(
  engine: Engine,
  call: PreparedCall,
  body: ChatBody,
  account: string,
  { accumulator, usage, message }: KeptTurn,
): Promise<void> {
  const { metadata } = call;
  const user = call.scope.user ?? call.user;
  const model = body.model ?? call.model.sent;
  const { id: generationId, servedBy } = accumulator;
  engine.emit("usage", {
    model,
    resolvedModel: call.model,
    cost: { ...NO_COST },
    fromCache: true,
    ...present({ user, metadata, usage, generationId }),
  });
  const { reports } = engine;
  if (reports === undefined) return;
  const open = reports.loaded ?? (await reports());
  const report = open({
    id: requestId(),
    operation: "chat",
    streaming: body.stream === true,
    provider: engine.provider.name,
    key: account,
    call,
    model,
    user,
    metadata,
    body,
  });
  const finishReason = accumulator.rawFinishReason;
  report.answered({ model: accumulator.model, servedBy, generationId, finishReason, message });
  report.succeeded();
  report.booked(undefined, { ...NO_COST });
  report.ended();
  report.settled(true);
}
