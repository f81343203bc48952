import { type CanActivate, type ExecutionContext, Inject, Injectable, UnauthorizedException } from "@nestjs/common";
import { type CustomerRequest, CustomerTokens } from "./customers.js";

/** Lets customers in by their bearer token and says on the request who they are. */
@Injectable()
export class CustomerGuard implements CanActivate {
  readonly #tokens: CustomerTokens;

  constructor(@Inject(CustomerTokens) tokens: CustomerTokens) {
    this.#tokens = tokens;
  }

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<CustomerRequest>();
    const token = /^Bearer (.+)$/i.exec(request.headers.authorization ?? "")?.[1] ?? "";
    const customer = this.#tokens.customerOf(token);
    if (customer === undefined) throw new UnauthorizedException("a customer's bearer token is missing");
    request.customer = customer;
    return true;
  }
}
