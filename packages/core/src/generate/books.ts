import type { Reservation, ReserveOwner } from "../limits/budgets.js";
import type { Gates } from "../limits/gates.js";
import type { Amounts } from "../limits/limited-amounts.js";
import type { Leave } from "../limits/limiter.js";
import { estimateCost } from "../usage/estimate-cost.js";
import { countsOf, type TokenCounts } from "../usage/price-of-call.js";
import { addCost, readCost } from "../usage/read-cost.js";
import { readUsage } from "../usage/read-usage.js";
import type { Cost, Usage } from "../usage/usage.js";
import { tokensAtMost, usdAtMost } from "./at-most.js";
import type { BookedCall, Received } from "./booked-call.js";
import type { CallScope, Engine } from "./engine.js";
import { canLookUp, lookUpCost } from "./look-up-cost.js";
import { present } from "./present.js";
import { requestId } from "./request-id.js";
import type { RequestReport } from "./request-report.js";

const CHARACTERS_PER_TOKEN = 3;

/**
 * The money of one request: reserved before it is sent, booked exactly once after it. What upstream tells counts;
 * where it does not tell, the cost is looked up behind the caller's back; where that is not to be had, it is
 * estimated from the list price and marked so. A store that fails afterwards never costs the caller the answer.
 */
export class Books implements ReserveOwner {
  readonly #engine: Engine;
  readonly #scope: CallScope;
  readonly #call: BookedCall;
  /** Hears of what is booked; here where the client has a ledger or telemetry. */
  report: RequestReport | undefined;
  #id: string | undefined;
  /** Null until it is asked for. */
  #worstUsd: number | undefined | null = null;
  #reservation: Reservation | undefined;
  #place: Leave | undefined;
  /** Generations of attempts that broke off, which may have been billed beside the one that answered. */
  #broken: Set<string> | undefined;
  /** What attempts have cost that were given up. */
  #spent: Cost | undefined;
  /** Upstream itself said of the latest attempt that it failed. */
  refused = false;
  /** An answer came to its end: what fails after it gives nothing back, and books nothing again. */
  #isBooked = false;

  constructor(engine: Engine, scope: CallScope, call: BookedCall) {
    this.#engine = engine;
    this.#scope = scope;
    this.#call = call;
  }

  /**
   * Sets aside what the request can cost at most; once for all its attempts. Throws, or rejects, where a budget or its
   * store refuses.
   *
   * @param keyId - whose budget it is where the scope has no user: the hash of the key
   */
  reserve(signal: AbortSignal, keyId: string): Promise<void> | undefined {
    if (this.#reservation !== undefined || this.#scope.budgets.length === 0) return undefined;
    const { loaded } = this.#engine.gates;
    if (loaded === undefined) return this.#engine.gates().then((gates) => this.#reserve(gates, signal, keyId));
    return this.#reserve(loaded, signal, keyId);
  }

  #reserve(gates: Gates, signal: AbortSignal, keyId: string): Promise<void> | undefined {
    const { budgets, user: subject = keyId } = this.#scope;
    const amountUsd = this.#worstCase(gates);
    const asked = gates.budgets.reserve({ budgets, subject, amountUsd, owner: this, signal });
    if (asked instanceof Promise) return this.#keepReservation(asked);
    this.#reservation = asked;
    return undefined;
  }

  async #keepReservation(asked: Promise<Reservation>): Promise<void> {
    this.#reservation = await asked;
  }

  /** Of the request: its reservation and its record have the same. */
  get id(): string {
    this.#id ??= requestId();
    return this.#id;
  }

  /** Takes over what the budget store is told behind the caller's back, and its failure. */
  inBackground(work: Promise<void>): void {
    this.#engine.inBackground(this.#kept(work));
  }

  /** Somebody has to know before the request is sent. */
  get hasToTell(): boolean {
    return this.report !== undefined || this.#reservation !== undefined;
  }

  /** Tells the ledger, which may refuse, and the budget store, in this order, that the request is about to be sent. */
  sending(attempts: number, signal: AbortSignal): Promise<void> | undefined {
    const { report } = this;
    const intending = report?.keepsRecords ? this.#intend(report, signal) : undefined;
    if (attempts > 0) return intending;
    if (intending !== undefined) return intending.then(() => this.#reservation?.sent());
    this.#reservation?.sent();
    return undefined;
  }

  #intend(report: RequestReport, signal: AbortSignal): Promise<void> | undefined {
    const { gates } = this.#engine;
    if (gates.loaded !== undefined) return report.intend(this.#worstCase(gates.loaded), signal);
    return gates().then((loaded) => report.intend(this.#worstCase(loaded), signal));
  }

  /** The place of the attempt that begins; of the one before it nothing more will be known. */
  took(place: Leave | undefined): void {
    this.used({});
    this.#place = place;
  }

  /** The most that one attempt can use and cost. */
  atMost(gates: Gates): Amounts {
    return { tokens: tokensAtMost(this.#engine, this.#call, gates), usd: this.#worstCase(gates) };
  }

  /** What the attempt that has the place has used, as far as it is known; told once. */
  used(amounts: Amounts): void {
    this.#place?.(amounts);
    this.#place = undefined;
  }

  /** What wire usage says, with the cost computed from the list price where only tokens are told. */
  read(rawUsage: unknown): { usage?: Usage; cost?: Cost } {
    const usage = readUsage(rawUsage);
    return present({ usage, cost: readCost(rawUsage) ?? (usage && this.#priced(countsOf(usage))) });
  }

  /** Books an answer that came to its end. */
  async settle(rawUsage: unknown, received: Received): Promise<{ usage?: Usage; cost?: Cost }> {
    this.#isBooked = true;
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
    if (this.#isBooked) return;
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
    if (!this.#isBooked) await this.#end(undefined, true);
  }

  #lookUp(received: Received): void {
    const id = received.generationId as string;
    this.report?.ended();
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
    await this.#end(cost, cost !== undefined);
  }

  #record(usage: Usage | undefined, cost: Cost | undefined, generationId: string | undefined): void {
    const { model, metadata } = this.#call;
    const name = this.#call.body.model ?? model.sent;
    const user = this.#scope.user ?? this.#call.user;
    this.#engine.meter.record({ model: name, user, metadata, usage, cost });
    this.report?.booked(usage, cost);
    this.used({ tokens: usage?.totalTokens, usd: cost?.totalUsd });
    this.#engine.emit("usage", {
      model: name,
      resolvedModel: model,
      ...present({ user, metadata, usage, cost, generationId }),
    });
  }

  /**
   * Settles the reservation, once: at once, or when it is known what the attempts that broke off have cost.
   *
   * @param isKnown - without a cost there was none
   */
  async #end(cost: Cost | undefined, isKnown: boolean): Promise<void> {
    const { report } = this;
    report?.ended();
    const reservation = this.#reservation;
    this.#reservation = undefined;
    const told = addCost(this.#spent, cost);
    this.#spent = undefined;
    const broken = this.#broken;
    this.#broken = undefined;
    const hasBroken = broken !== undefined && broken.size > 0;
    if (this.#place !== undefined) this.used(!hasBroken && cost === undefined && isKnown ? { tokens: 0, usd: 0 } : {});
    if (hasBroken) {
      this.#engine.inBackground(this.#endLater(reservation, told, broken, isKnown));
      return;
    }
    report?.settled(isKnown);
    const settling = endOf(reservation, told);
    if (settling !== undefined) await this.#kept(settling);
  }

  async #endLater(
    reservation: Reservation | undefined,
    told: Cost | undefined,
    broken: Iterable<string>,
    isKnown: boolean,
  ): Promise<void> {
    let total = told;
    for (const id of broken) {
      const found = await lookUpCost(this.#engine, this.#scope, id);
      if (found === undefined) continue;
      this.#record(found.usage, found.cost, id);
      total = addCost(total, found.cost);
    }
    this.report?.settled(isKnown);
    await this.#kept(endOf(reservation, total));
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
  #worstCase(gates: Gates): number | undefined {
    if (this.#worstUsd === null) this.#worstUsd = usdAtMost(this.#engine, this.#call.body, gates);
    return this.#worstUsd;
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

const endOf = (reservation: Reservation | undefined, total: Cost | undefined) =>
  total === undefined ? reservation?.release() : reservation?.settle(total.totalUsd);
