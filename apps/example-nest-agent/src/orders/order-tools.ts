import { Inject, Injectable, Scope } from "@nestjs/common";
import { REQUEST } from "@nestjs/core";
import { LLMTool } from "@signalbox/nestjs";
import { z } from "zod";
import type { CustomerRequest } from "../customers.js";
import { type Order, Orders } from "./orders.js";

const which = z.object({ order: z.int() });

/** What the model may do with orders: made anew for each request, it sees the orders of its customer and no others. */
@Injectable({ scope: Scope.REQUEST })
export class OrderTools {
  readonly #mine: Order[];

  constructor(@Inject(REQUEST) request: CustomerRequest, @Inject(Orders) orders: Orders) {
    this.#mine = orders.of(request.customer);
  }

  @LLMTool({ name: "my_orders", description: "The customer's purchases and their states", parameters: z.object({}) })
  list() {
    return this.#mine.map(({ number, item, state }) => ({ number, item, state }));
  }

  /** Runs only for a call that the customer has approved. */
  @LLMTool({ name: "cancel_order", description: "Cancels one order", parameters: which, needsApproval: true })
  cancel({ order: number }: z.infer<typeof which>) {
    const order = this.#mine.find((each) => each.number === number);
    if (order === undefined) return { refused: `the customer has no order ${number}` };
    if (order.state === "sent") return { refused: `order ${number} has been sent` };
    order.state = "cancelled";
    return { cancelled: number };
  }
}
