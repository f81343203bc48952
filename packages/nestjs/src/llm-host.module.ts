import { Inject, type MiddlewareConsumer, Module, type NestModule, RequestMethod } from "@nestjs/common";
import { DiscoveryModule, HttpAdapterHost } from "@nestjs/core";
import { LLMGates } from "./gates/llm-gates.js";
import { LLMNames } from "./llm-names.js";
import { LLMRequests } from "./llm-requests.js";
import { LLMTools } from "./llm-tools.js";

type Done = () => void;
interface FastifyHooks {
  addHook(name: "preValidation", hook: (request: object, reply: object, done: Done) => void): unknown;
}

/** What all clients of an application share; there is one of it. */
@Module({
  imports: [DiscoveryModule],
  providers: [LLMNames, LLMRequests, LLMTools, LLMGates],
  exports: [LLMNames, LLMRequests, LLMTools, LLMGates],
})
export class LLMHostModule implements NestModule {
  readonly #requests: LLMRequests;
  readonly #adapterHost: HttpAdapterHost;

  constructor(@Inject(LLMRequests) requests: LLMRequests, @Inject(HttpAdapterHost) adapterHost: HttpAdapterHost) {
    this.#requests = requests;
    this.#adapterHost = adapterHost;
  }

  configure(consumer: MiddlewareConsumer): void {
    const enter = (request: object, response: object, next: Done) => this.#requests.enter(request, response, next);
    consumer.apply(enter).forRoutes({ path: "/{*path}", method: RequestMethod.ALL });
    const { httpAdapter } = this.#adapterHost;
    // Fastify has made its own request by then, and has read the body, which may lose the context of the middleware.
    if (httpAdapter?.getType() === "fastify")
      (httpAdapter.getInstance() as FastifyHooks).addHook("preValidation", enter);
  }
}
