import type { Reservation } from "../limits/budgets.js";
import { promptTokensAtMost, worstCaseUsd } from "../limits/worst-case-cost.js";
import type { ChatBody } from "../messages/chat-body.js";
import type { ModelPrice, ResolvedModel } from "../models/model-types.js";
import { estimateCost } from "../usage/estimate-cost.js";
import { readCost } from "../usage/read-cost.js";
import { readUsage } from "../usage/read-usage.js";
import type { Cost, Usage } from "../usage/usage.js";
import type { CallScope, Engine } from "./engine.js";
import { canLookUp, lookUpCost } from "./look-up-cost.js";
import { present } from "./present.js";

/** Whose request it is, and for what. */
export interface BookedCall {
  body: Pick<ChatBody, "model" | "max_tokens"> & Record<string, unknown>;
  model: ResolvedModel;
  /** Whom the request itself names; a user of the scope is charged before it. */
  user: string | undefined;
  metadata: Readonly<Record<string, string>> | undefined;
}

/** What had come of an answer, for want of a usage of its own. */
export interface Received {
  generationId: string | undefined;
  /** Characters of text, thoughts and arguments. */
  characters: number;
}

const CHARACTERS_PER_TOKEN = 3;

/**
 * The money of one request: reserved before it is sent, booked exactly once after it. What upstream tells counts;
 * where it does not tell, the cost is looked up behind the caller's back; where that is not to be had, it is
 * estimated from the list price and marked so. A store that fails afterwards never costs the caller the answer.
 */
export class Books {
  readonly #engine: Engine;
  readonly #scope: CallScope;
  readonly #call: BookedCall;
  #reservation: Reservation | undefined;

  constructor(engine: Engine, scope: CallScope, call: BookedCall) {
    this.#engine = engine;
    this.#scope = scope;
    this.#call = call;
  }

  /** Sets aside what the request can cost at most; once for all its attempts. */
  async reserve(): Promise<void> {
    if (this.#reservation !== undefined || this.#scope.budgets.length === 0) return;
    const { user } = this.#call;
    this.#reservation = await this.#engine.budgets.reserve({
      budgets: this.#scope.budgets,
      subject: this.#scope.user ?? user ?? this.#scope.keyId,
      amountUsd: this.#worstCase(),
      id: crypto.randomUUID(),
    });
  }

  /** What wire usage says, with the cost computed from the list price where only tokens are told. */
  read(rawUsage: unknown): { usage?: Usage; cost?: Cost } {
    const usage = readUsage(rawUsage);
    const price = this.#price();
    return present({ usage, cost: readCost(rawUsage) ?? (usage && price ? estimateCost(price, usage) : undefined) });
  }

  /** Books an answer that came to its end. */
  async settle(rawUsage: unknown, received: Received): Promise<{ usage?: Usage; cost?: Cost }> {
    if (rawUsage !== undefined || !canLookUp(this.#engine, received.generationId)) {
      const told = this.read(rawUsage);
      const cost = told.cost ?? (told.usage === undefined ? this.#estimate(received) : undefined);
      await this.#book(told.usage, cost, received.generationId);
      return present({ usage: told.usage, cost });
    }
    this.#lookUp(received);
    return {};
  }

  /** Books an answer that broke off; where nothing can have been made, the reservation is given back. */
  async abandon(rawUsage: unknown, received: Received): Promise<void> {
    const mayHaveCost = rawUsage !== undefined || received.generationId !== undefined || received.characters > 0;
    if (mayHaveCost) await this.settle(rawUsage, received);
    else await this.release();
  }

  /** Gives the reservation back: nothing was billed. */
  async release(): Promise<void> {
    const reservation = this.#reservation;
    this.#reservation = undefined;
    await this.#kept(reservation?.release());
  }

  #lookUp(received: Received): void {
    const id = received.generationId as string;
    this.#engine.inBackground(
      (async () => {
        const found = await lookUpCost(this.#engine, this.#scope, id);
        await this.#book(undefined, found ?? this.#estimate(received), id);
      })(),
    );
  }

  async #book(usage: Usage | undefined, cost: Cost | undefined, generationId: string | undefined): Promise<void> {
    const { model, metadata } = this.#call;
    const name = this.#call.body.model ?? model.sent;
    const reservation = this.#reservation;
    this.#reservation = undefined;
    const user = this.#scope.user ?? this.#call.user;
    this.#engine.meter.record({ model: name, user, usage, cost });
    this.#engine.emit("usage", {
      model: name,
      resolvedModel: model,
      ...present({ user, metadata, usage, cost, generationId }),
    });
    if (cost === undefined && reservation !== undefined) {
      this.#engine.emit("warning", { code: "cost_unknown", message: `the cost of a call of ${name} is not known` });
    }
    await this.#kept(cost === undefined ? reservation?.release() : reservation?.settle(cost.totalUsd));
  }

  /** The answer is here and paid for: a store that fails now is told, and loses nobody the answer. */
  async #kept(work: Promise<void> | undefined): Promise<void> {
    try {
      await work;
    } catch (error) {
      const name = error instanceof Error ? error.name : "unknown";
      this.#engine.emit("warning", {
        code: "budget_store",
        message: `the budget store failed after the call: ${name}`,
      });
    }
  }

  /** The dearest of the models that may come to answer; unknown where one of them has no known price. */
  #worstCase(): number | undefined {
    const { body } = this.#call;
    const { catalogue } = this.#engine;
    const fallbacks = Array.isArray(body.models) ? body.models.map(String) : [];
    let most = 0;
    for (const id of new Set([body.model ?? "", ...fallbacks])) {
      const usd = worstCaseUsd(body, catalogue.price(id), catalogue.get(id)?.maxCompletionTokens);
      if (usd === undefined) return undefined;
      most = Math.max(most, usd);
    }
    return most;
  }

  #estimate({ characters }: Received): Cost | undefined {
    const price = this.#price();
    if (price === undefined) return undefined;
    const completionTokens = Math.ceil(characters / CHARACTERS_PER_TOKEN);
    return estimateCost(price, { promptTokens: promptTokensAtMost(this.#call.body), completionTokens });
  }

  /** The list price of what is sent, which `extraBody` may have changed. */
  #price(): ModelPrice | undefined {
    return this.#engine.catalogue.price(this.#call.body.model ?? "");
  }
}
