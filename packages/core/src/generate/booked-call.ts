import type { LedgerOperation } from "../ledger/ledger.js";
import type { ChatBody } from "../messages/chat-body.js";
import type { ResolvedModel } from "../models/model-types.js";
import type { WatchedCall } from "./request-watch.js";

/** Whose request it is, and for what. */
export interface BookedCall {
  /** The call that it is made for. */
  call?: WatchedCall | undefined;
  /** @default "chat" */
  operation?: LedgerOperation | undefined;
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
