import { AsyncLocalStorage } from "node:async_hooks";
import type { CallHandler } from "@nestjs/common";
import { Observable } from "rxjs";

/**
 * What a handler gives, subscribed to where this is called: Nest subscribes to what handlers and other interceptors
 * return outside of what an interceptor ran them in.
 */
export function handledHere(next: CallHandler): Observable<unknown> {
  const here = AsyncLocalStorage.snapshot();
  return new Observable((subscriber) => here(() => next.handle().subscribe(subscriber)));
}
