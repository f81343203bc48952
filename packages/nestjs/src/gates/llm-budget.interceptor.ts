import {
  type CallHandler,
  type ExecutionContext,
  ForbiddenException,
  Inject,
  Injectable,
  type NestInterceptor,
} from "@nestjs/common";
import { ModuleRef, Reflector } from "@nestjs/core";
import type { LLM } from "@signalbox/core";
import type { Observable } from "rxjs";
import { handledHere } from "../handled-here.js";
import { getLLMClientToken } from "../llm.tokens.js";
import { LLMRequests } from "../llm-requests.js";
import { callerBudgets } from "./caller-budgets.js";
import { gateOf } from "./gate-metadata.js";
import { LLM_BUDGET, type LLMBudgetRule } from "./llm-budget-rule.js";

/**
 * Puts the budgets of `@LLMBudget()` on the calls of the handler. An interceptor, because it has to stand around the
 * handler, and because guards say who asks, in whatever order the decorators are written.
 */
@Injectable()
export class LLMBudgetInterceptor implements NestInterceptor {
  readonly #reflector: Reflector;
  readonly #moduleRef: ModuleRef;

  constructor(@Inject(Reflector) reflector: Reflector, @Inject(ModuleRef) moduleRef: ModuleRef) {
    this.#reflector = reflector;
    this.#moduleRef = moduleRef;
  }

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const gate = gateOf<LLMBudgetRule>(this.#reflector, LLM_BUDGET, context);
    if (gate === undefined) return next.handle();
    const budget = callerBudgets(gate, context);
    if (budget === undefined) throw new ForbiddenException("there is no budget for an unknown caller");
    const client = this.#moduleRef.get<LLM>(getLLMClientToken(gate.client), { strict: false });
    const requests = this.#moduleRef.get(LLMRequests, { strict: false });
    return requests.hold(client, { budget }, () => handledHere(next));
  }
}
