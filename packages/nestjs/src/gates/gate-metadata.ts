import type { ExecutionContext } from "@nestjs/common";
import type { Reflector } from "@nestjs/core";
import type { DEFAULT_LLM } from "../llm.tokens.js";

/** Says for whom something counts; undefined for nobody. */
export type CallerKey = {
  /**
   * Who counts together with this caller.
   *
   * @param caller - the HTTP request (also behind GraphQL), the socket of a gateway, a microservice's context
   */
  of(caller: never, context: ExecutionContext): string | undefined;
}["of"];

/** Which client a gate belongs to. */
export interface GateOptions {
  /** The name the client is registered under. @default "default" */
  client?: typeof DEFAULT_LLM | (string & {}) | undefined;
}

/** What a decorator said, and the class or method that it said it on. */
export interface Gate<Rule> extends GateOptions {
  rules: readonly Rule[];
  place: string;
}

/** What stands on the handler, else on its class. Nothing where it was skipped. */
export function gateOf<Rule>(
  reflector: Reflector,
  metadata: string,
  context: ExecutionContext,
): Gate<Rule> | undefined {
  const targets = [context.getHandler(), context.getClass()];
  const gate = reflector.getAllAndOverride<Gate<Rule> | false | undefined>(metadata, targets);
  return gate === false ? undefined : gate;
}

/** The name of the class or method that a decorator stands on. */
export function placeOf(target: object, key: string | symbol | undefined): string {
  if (typeof target === "function") return target.name;
  return `${target.constructor.name}.${String(key)}`;
}
