import { type CallHandler, type ExecutionContext, Inject, Injectable, type NestInterceptor } from "@nestjs/common";
import { ModuleRef, Reflector } from "@nestjs/core";
import { finalize, type Observable } from "rxjs";
import { handledHere } from "../handled-here.js";
import { gateOf } from "./gate-metadata.js";
import { LLMGates } from "./llm-gates.js";
import { LLM_LIMIT, type LLMLimitRule } from "./llm-limit-rule.js";

/** Lets in as many requests as `@LLMLimit()` allows, and holds their places until their answers are over. */
@Injectable()
export class LLMLimitInterceptor implements NestInterceptor {
  readonly #reflector: Reflector;
  readonly #moduleRef: ModuleRef;
  /** Standing on class and method it is asked twice, and is to count once. */
  readonly #asked = new WeakSet<ExecutionContext>();

  constructor(@Inject(Reflector) reflector: Reflector, @Inject(ModuleRef) moduleRef: ModuleRef) {
    this.#reflector = reflector;
    this.#moduleRef = moduleRef;
  }

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const gate = gateOf<LLMLimitRule>(this.#reflector, LLM_LIMIT, context);
    if (gate === undefined || this.#asked.has(context)) return next.handle();
    this.#asked.add(context);
    const gates = this.#moduleRef.get(LLMGates, { strict: false });
    const occupy = await gates.admit(gate, context);
    // Somebody may have stopped waiting meanwhile; a place is taken only where it will be given back.
    return handledHere({ handle: () => next.handle().pipe(finalize(occupy())) });
  }
}
