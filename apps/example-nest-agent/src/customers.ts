import { createHash, randomBytes } from "node:crypto";
import { Injectable } from "@nestjs/common";
import type { Request } from "express";

export const CUSTOMERS = ["ann", "ben"] as const;
export type Customer = (typeof CUSTOMERS)[number];

/** A request that `CustomerGuard` has let in. */
export interface CustomerRequest extends Request {
  customer: Customer;
}

const digest = (token: string) => createHash("sha256").update(token).digest("hex");

/** Who a bearer token stands for; tokens are made anew at each start, and only their hashes are kept. */
@Injectable()
export class CustomerTokens {
  readonly #customers = new Map<string, Customer>();

  /** A new token for the customer. */
  issue(customer: Customer): string {
    const token = randomBytes(24).toString("base64url");
    this.#customers.set(digest(token), customer);
    return token;
  }

  customerOf(token: string): Customer | undefined {
    return this.#customers.get(digest(token));
  }
}
