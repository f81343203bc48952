import { randomUUID } from "node:crypto";
import { Injectable } from "@nestjs/common";
import type { Message, ToolCall } from "@signalbox/core";
import type { Customer } from "../customers.js";

/** A run that stopped before calls which its customer has to decide on. Plain JSON: a database would do as well. */
export interface WaitingRun {
  readonly id: string;
  readonly customer: Customer;
  readonly messages: readonly Message[];
  readonly calls: readonly ToolCall[];
}

const KEPT = 1_000;

/** The runs that wait; beyond a thousand the oldest are forgotten. */
@Injectable()
export class WaitingRuns {
  readonly #runs = new Map<string, WaitingRun>();

  add(run: Omit<WaitingRun, "id">): WaitingRun {
    const waiting = { ...run, id: randomUUID() };
    this.#runs.set(waiting.id, waiting);
    if (this.#runs.size > KEPT) this.#runs.delete(this.#runs.keys().next().value as string);
    return waiting;
  }

  of(customer: Customer): WaitingRun[] {
    return [...this.#runs.values()].filter((run) => run.customer === customer);
  }

  /** The run, which waits no longer: two decisions at once find it once. */
  take(customer: Customer, id: string): WaitingRun | undefined {
    const run = this.#runs.get(id);
    if (run?.customer !== customer) return undefined;
    this.#runs.delete(id);
    return run;
  }
}
