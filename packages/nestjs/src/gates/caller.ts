import type { ExecutionContext } from "@nestjs/common";
import type { FrameworkRequest } from "../http-request.js";

/** Who asks: the HTTP request, also where GraphQL was asked through one; else the socket or the message's context. */
export function callerOf(context: ExecutionContext): object | undefined {
  switch (context.getType<string>()) {
    case "ws":
      return context.switchToWs().getClient();
    case "rpc":
      return context.switchToRpc().getContext();
    default:
      return httpRequestOf(context);
  }
}

/** The HTTP request behind a handler or a resolver; undefined where there is none, as in a subscription's socket. */
export function httpRequestOf(context: ExecutionContext): FrameworkRequest | undefined {
  const type = context.getType<string>();
  if (type === "http") return context.switchToHttp().getRequest();
  if (type !== "graphql") return undefined;
  // Apollo has it as `req`, Yoga as `request`, Mercurius behind `reply`.
  const { req, request, reply } = (context.getArgByIndex(2) ?? {}) as Partial<Record<string, { request?: unknown }>>;
  return [req, request, reply?.request].find(isRequest);
}

function isRequest(value: unknown): value is FrameworkRequest {
  const { headers } = (value ?? {}) as { headers?: unknown };
  return typeof headers === "object" && headers !== null;
}
