import type { Limits } from "./limit-store.js";
import type { Amounts } from "./limited-amounts.js";

/** A call that wants to be sent. */
export interface LimitedCall {
  /** `false` switches everything off; `undefined` leaves the defaults: only `:free` models are limited. */
  limits: Limits | false | undefined;
  /** Hash of the API key: whose account upstream counts. */
  key: string;
  /** Whose own limits count: the scope's user. @default `key` */
  subject?: string | undefined;
  /** The id that is sent. */
  model: string;
  providerName: string;
  /** The most it can use and cost; asked only where limits need it. */
  atMost?: (() => Amounts) | undefined;
  signal?: AbortSignal | undefined;
}
