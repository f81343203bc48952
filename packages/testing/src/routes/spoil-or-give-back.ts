import type { Exchange } from "../delivery/exchange.js";
import type { Delivery } from "../delivery/step.js";
import { spoilBody } from "../faults/body-fault.js";
import type { Fault } from "../faults/fault.js";
import type { Simulation } from "../simulation.js";

/** A body that is no completion, with the fault in it; a fault of completions waits for the next request instead. */
export function spoilOrGiveBack(
  simulation: Simulation,
  exchange: Exchange,
  fault: Fault,
  delivery: Delivery,
): Delivery {
  const spoiled = spoilBody(delivery, fault, false);
  if (!spoiled) giveBack(simulation, exchange, fault);
  return spoiled ?? delivery;
}

/** A fault of an answer's body does not count where there was no such body. */
export function giveBack(simulation: Simulation, { entry }: Exchange, fault: Fault): void {
  simulation.faults.giveBack(fault);
  entry.fault = undefined;
}
