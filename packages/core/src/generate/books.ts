import type { Reservation } from "../limits/budgets.js";
import type { Gates } from "../limits/gates.js";
import type { ChatBody } from "../messages/chat-body.js";
import type { ResolvedModel } from "../models/model-types.js";
import { estimateCost } from "../usage/estimate-cost.js";
import { countsOf, type TokenCounts } from "../usage/price-of-call.js";
import { addCost, readCost } from "../usage/read-cost.js";
import { readUsage } from "../usage/read-usage.js";
import type { Cost, Usage } from "../usage/usage.js";
import type { CallScope, Engine } from "./engine.js";
import { canLookUp, lookUpCost } from "./look-up-cost.js";
import { present } from "./present.js";

/** Whose request it is, and for what. */
export interface BookedCall {
  body: Pick<ChatBody, "model" | "max_tokens"> & Record<string, unknown>;
  model: ResolvedModel;
  /** Whom the meter books it to, where the scope has no user. Never whose budget it is: a request may name anybody. */
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
  /** Generations of attempts that broke off, which may have been billed beside the one that answered. */
  #broken: Set<string> | undefined;
  /** What attempts have cost that were given up. */
  #spent: Cost | undefined;
  /** Upstream itself said of the latest attempt that it failed. */
  refused = false;

  constructor(engine: Engine, scope: CallScope, call: BookedCall) {
    this.#engine = engine;
    this.#scope = scope;
    this.#call = call;
  }

  /**
   * Sets aside what the request can cost at most; once for all its attempts. Rejects where a budget or its store
   * refuses.
   *
   * @param keyId - whose budget it is where the scope has no user: the hash of the key
   */
  async reserve(signal: AbortSignal, keyId: string): Promise<void> {
    if (this.#reservation !== undefined || this.#scope.budgets.length === 0) return;
    const { budgets, worstCaseUsd } = await this.#engine.gates();
    this.#reservation = await budgets.reserve({
      budgets: this.#scope.budgets,
      subject: this.#scope.user ?? keyId,
      amountUsd: this.#worstCase(worstCaseUsd),
      id: crypto.randomUUID(),
      signal,
      inBackground: (work) => this.#engine.inBackground(this.#kept(work)),
    });
  }

  /** What wire usage says, with the cost computed from the list price where only tokens are told. */
  read(rawUsage: unknown): { usage?: Usage; cost?: Cost } {
    const usage = readUsage(rawUsage);
    return present({ usage, cost: readCost(rawUsage) ?? (usage && this.#priced(countsOf(usage))) });
  }

  /** Books an answer that came to its end. */
  async settle(rawUsage: unknown, received: Received): Promise<{ usage?: Usage; cost?: Cost }> {
    if (rawUsage !== undefined || !canLookUp(this.#engine, received.generationId)) {
      const told = this.read(rawUsage);
      const cost = told.cost ?? (told.usage === undefined ? await this.#estimate(received) : undefined);
      await this.#book(told.usage, cost, received.generationId);
      return present({ usage: told.usage, cost });
    }
    this.#lookUp(received);
    return {};
  }

  /** Books an answer that broke off; where nothing can have been made, the reservation is given back. */
  async abandon(rawUsage: unknown, received: Received): Promise<void> {
    const { generationId, characters } = received;
    const mayHaveCost = rawUsage !== undefined || characters > 0 || (generationId !== undefined && !this.refused);
    if (mayHaveCost) {
      await this.settle(rawUsage, received);
      return;
    }
    // What upstream refused is never estimated: only a look-up may still find a cost.
    this.broke(generationId);
    await this.release();
  }

  /** An attempt is given up: what upstream told of its usage counts beside the answer of the next. */
  gaveUp(rawUsage: unknown, generationId: string | undefined): void {
    if (rawUsage === undefined) return;
    const { usage, cost } = this.read(rawUsage);
    if (generationId !== undefined) this.#broken?.delete(generationId);
    this.#record(usage, cost, generationId);
    this.#spent = addCost(this.#spent, cost);
  }

  /** An attempt broke off after its headers: whether it was billed is looked up when the call ends. */
  broke(generationId: string | undefined): void {
    if (generationId === undefined || !canLookUp(this.#engine, generationId)) return;
    this.#broken ??= new Set();
    this.#broken.add(generationId);
  }

  /** Gives the reservation back: nothing was billed, except for what a look-up finds of attempts that broke off. */
  async release(): Promise<void> {
    await this.#end(undefined);
  }

  #lookUp(received: Received): void {
    const id = received.generationId as string;
    this.#engine.inBackground(
      (async () => {
        const found = await lookUpCost(this.#engine, this.#scope, id);
        await this.#book(found?.usage, found?.cost ?? (await this.#estimate(received)), id);
      })(),
    );
  }

  async #book(usage: Usage | undefined, cost: Cost | undefined, generationId: string | undefined): Promise<void> {
    if (generationId !== undefined) this.#broken?.delete(generationId);
    this.#record(usage, cost, generationId);
    if (cost === undefined && this.#reservation !== undefined) {
      const name = this.#call.body.model ?? this.#call.model.sent;
      this.#engine.emit("warning", { code: "cost_unknown", message: `the cost of a call of ${name} is not known` });
    }
    await this.#end(cost);
  }

  #record(usage: Usage | undefined, cost: Cost | undefined, generationId: string | undefined): void {
    const { model, metadata } = this.#call;
    const name = this.#call.body.model ?? model.sent;
    const user = this.#scope.user ?? this.#call.user;
    this.#engine.meter.record({ model: name, user, metadata, usage, cost });
    this.#engine.emit("usage", {
      model: name,
      resolvedModel: model,
      ...present({ user, metadata, usage, cost, generationId }),
    });
  }

  /** Settles the reservation, once: at once, or when it is known what the attempts that broke off have cost. */
  async #end(cost: Cost | undefined): Promise<void> {
    const reservation = this.#reservation;
    this.#reservation = undefined;
    const told = addCost(this.#spent, cost);
    this.#spent = undefined;
    const close = (total: Cost | undefined) =>
      this.#kept(total === undefined ? reservation?.release() : reservation?.settle(total.totalUsd));
    const broken = [...(this.#broken ?? [])];
    this.#broken = undefined;
    if (broken.length === 0) return close(told);
    const work = async () => {
      let total = told;
      for (const id of broken) {
        const found = await lookUpCost(this.#engine, this.#scope, id);
        if (found === undefined) continue;
        this.#record(found.usage, found.cost, id);
        total = addCost(total, found.cost);
      }
      await close(total);
    };
    this.#engine.inBackground(work());
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
  #worstCase(worstCaseUsd: Gates["worstCaseUsd"]): number | undefined {
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

  /** An answer that is here is not lost for want of what estimates its cost. */
  async #estimate({ characters }: Received): Promise<Cost | undefined> {
    let gates: Gates;
    try {
      gates = await this.#engine.gates();
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.#engine.emit("warning", { code: "cost_unknown", message: `the cost of a call is not estimated: ${why}` });
      return undefined;
    }
    const completionTokens = Math.ceil(characters / CHARACTERS_PER_TOKEN);
    return this.#priced({ promptTokens: gates.promptTokensAtMost(this.#call.body), completionTokens });
  }

  /** At the list price of what is sent, which `extraBody` may have changed. */
  #priced(counts: TokenCounts): Cost | undefined {
    const { catalogue, clock } = this.#engine;
    const price = catalogue.price(this.#call.body.model ?? "");
    return price && estimateCost(price, counts, { at: new Date(clock.date()) });
  }
}
