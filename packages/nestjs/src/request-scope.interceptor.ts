import type { CallHandler, ExecutionContext, NestInterceptor } from "@nestjs/common";
import type { LLM } from "@signalbox/core";
import type { Observable } from "rxjs";
import { httpRequestOf } from "./gates/caller.js";
import { handledHere } from "./handled-here.js";
import type { RequestScope } from "./llm-module-options.js";
import type { LLMRequests } from "./llm-requests.js";

/** Adds the module's `scope` to the calls of a handler. An interceptor, because guards say whose request it is. */
export class RequestScopeInterceptor implements NestInterceptor {
  readonly #client: LLM;
  readonly #scope: RequestScope | undefined;
  readonly #requests: LLMRequests;

  constructor(client: LLM, scope: RequestScope | undefined, requests: LLMRequests) {
    this.#client = client;
    this.#scope = scope;
    this.#requests = requests;
  }

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = this.#scope && httpRequestOf(context);
    if (this.#scope === undefined || request === undefined) return next.handle();
    return this.#requests.hold(this.#client, this.#scope(request), () => handledHere(next));
  }
}
