import {
  Body,
  Controller,
  Get,
  HttpCode,
  Inject,
  NotFoundException,
  Param,
  Post,
  Req,
  UseGuards,
} from "@nestjs/common";
import { z } from "zod";
import { CustomerGuard } from "../customer.guard.js";
import type { CustomerRequest } from "../customers.js";
import { Agent, shown } from "./agent.js";
import { WaitingRuns } from "./waiting-runs.js";

const question = z.strictObject({ prompt: z.string().min(1).max(4_000) });
const decision = z.strictObject({ approve: z.boolean(), reason: z.string().min(1).max(400).optional() });

/** Ask, see what waits, decide. */
@Controller("runs")
@UseGuards(CustomerGuard)
export class AgentController {
  readonly #agent: Agent;
  readonly #waiting: WaitingRuns;

  constructor(@Inject(Agent) agent: Agent, @Inject(WaitingRuns) waiting: WaitingRuns) {
    this.#agent = agent;
    this.#waiting = waiting;
  }

  @Post()
  @HttpCode(200)
  ask(@Req() { customer }: CustomerRequest, @Body({ schema: question }) { prompt }: z.infer<typeof question>) {
    return this.#agent.ask(customer, prompt);
  }

  @Get()
  list(@Req() { customer }: CustomerRequest) {
    return this.#waiting.of(customer).map(({ id, calls }) => ({ id, calls: calls.map(shown) }));
  }

  @Post(":id/decision")
  @HttpCode(200)
  decide(
    @Req() { customer }: CustomerRequest,
    @Param("id") id: string,
    @Body({ schema: decision }) { approve, reason = "The customer said no." }: z.infer<typeof decision>,
  ) {
    // Taken before it goes on: a decision counts once, and a call never runs twice.
    const run = this.#waiting.take(customer, id);
    if (run === undefined) throw new NotFoundException("no such run waits for you");
    return this.#agent.decide(run, approve || reason);
  }
}
