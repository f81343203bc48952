import { Injectable } from "@nestjs/common";
import type { Customer } from "../customers.js";

export interface Order {
  readonly number: number;
  readonly customer: Customer;
  readonly item: string;
  state: "packed" | "sent" | "cancelled";
}

/** Stands for the shop's database. */
@Injectable()
export class Orders {
  readonly #orders: readonly Order[] = [
    { number: 117, customer: "ann", item: "a kettle", state: "packed" },
    { number: 118, customer: "ann", item: "two cups", state: "sent" },
    { number: 204, customer: "ben", item: "a lamp", state: "packed" },
  ];

  of(customer: Customer): Order[] {
    return this.#orders.filter((order) => order.customer === customer);
  }
}
