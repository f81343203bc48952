import { type DynamicModule, Module, StandardSchemaValidationPipe } from "@nestjs/common";
import { APP_FILTER, APP_PIPE } from "@nestjs/core";
import type { LLMClient, ScopeOptions } from "@signalbox/core";
import { LLMExceptionFilter, LLMModule } from "@signalbox/nestjs";
import { AgentController } from "./agent/agent.controller.js";
import { Agent } from "./agent/agent.js";
import { WaitingRuns } from "./agent/waiting-runs.js";
import { type CustomerRequest, CustomerTokens } from "./customers.js";
import { DeliveryTool } from "./delivery-tool.js";
import { OrderTools } from "./orders/order-tools.js";
import { Orders } from "./orders/orders.js";

/** Whose the calls of a request are, and what they may cost; asked after the guard has said who it is. */
const scope = (request: object): ScopeOptions => ({
  user: (request as CustomerRequest).customer,
  budget: { usd: 0.5, per: "day" },
});

@Module({})
// biome-ignore lint/complexity/noStaticOnlyClass: Nest takes classes for modules.
export class AppModule {
  static with(client: LLMClient): DynamicModule {
    return {
      module: AppModule,
      imports: [LLMModule.forRoot({ client, scope })],
      controllers: [AgentController],
      providers: [
        Agent,
        WaitingRuns,
        Orders,
        OrderTools,
        DeliveryTool,
        CustomerTokens,
        { provide: APP_PIPE, useClass: StandardSchemaValidationPipe },
        { provide: APP_FILTER, useClass: LLMExceptionFilter },
      ],
    };
  }
}
