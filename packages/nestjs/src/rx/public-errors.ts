import { publicErrorBody } from "@signalbox/core";
import { catchError, type MonoTypeOperatorFunction, throwError } from "rxjs";

/**
 * Failures as a client may hear them, for `@Subscription()`s, whose failures no exception filter sees.
 *
 * Shape: an Error with the public sentence as `message` and `{ code, message, hint?, retryable, retryAfterMs?,
 * generationId? }` as `extensions`, where GraphQL looks for them; the failure itself is its `cause`.
 */
export function publicErrors<T>(): MonoTypeOperatorFunction<T> {
  return catchError((cause: unknown) => {
    const { error } = publicErrorBody(cause);
    return throwError(() => Object.assign(new Error(error.message, { cause }), { extensions: error }));
  });
}
