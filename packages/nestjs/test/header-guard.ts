import type { CanActivate, ExecutionContext } from "@nestjs/common";
import type { FrameworkRequest } from "../src/index.js";

/** A request as the guard leaves it. */
export type UserRequest = FrameworkRequest & { user?: { id: string } };

/** Takes whoever `x-user` names for the user; a stranger is not let in. */
export class HeaderGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest();
    request.user = { id: request.headers["x-user"] ?? "nobody" };
    return request.user.id !== "stranger";
  }
}
