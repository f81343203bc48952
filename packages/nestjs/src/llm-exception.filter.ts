import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger } from "@nestjs/common";
import { LLMError, type PublicErrorBody, publicErrorBody, responseStatus } from "@signalbox/core";
import { cutOff, shutdownOf } from "@signalbox/core/node";
import { type Observable, throwError } from "rxjs";
import type { FrameworkAnswer } from "./http-answer.js";
import { rawResponse } from "./http-request.js";

/** Errors of every install of `@signalbox/core`, which `instanceof` its class would not recognise. */
class AnyLLMError extends Error {
  static override [Symbol.hasInstance](value: unknown): boolean {
    return LLMError.is(value);
  }
}

/**
 * Answers requests that failed with an error of `@signalbox/core`: with the status it stands for, `Retry-After` where
 * it is known, and `{ error: { code, message, hint?, retryable, retryAfterMs?, generationId? } }`.
 *
 * Shape: works on Express and Fastify, globally (`APP_FILTER`, `useGlobalFilters`) or with `@UseFilters()`. GraphQL
 * gets an HttpException whose `extensions` are those fields, microservices a failing Observable, web sockets an
 * `exception` message. A gateway names the filter itself, with `@UseFilters()`: Nest gives it no global ones.
 * Throws: nothing on HTTP; an answer that has begun is broken off instead.
 */
@Catch(AnyLLMError)
export class LLMExceptionFilter implements ExceptionFilter<LLMError> {
  protected readonly logger = new Logger("LLMExceptionFilter");

  catch(thrown: LLMError, host: ArgumentsHost): Observable<never> | undefined {
    const error = shutdownOf(thrown) ?? thrown;
    const status = this.status(error);
    const told = this.body(error).error;
    if (status >= 500) this.logger.error(`${error.name} (${error.code}): ${error.message}`, error.stack);
    const type = host.getType<string>();
    if (type === "rpc") return throwError(() => ({ status: "error", ...told }));
    if (type === "http") this.answer(error, status, host.switchToHttp().getResponse());
    else if (type === "ws") tell(host.switchToWs().getClient(), { status: "error", ...told });
    else
      throw Object.assign(new HttpException(told, status, { cause: error }), {
        extensions: { ...told, http: { status } },
      });
    return undefined;
  }

  /** The HTTP status of a failure. Override it to answer with another one. */
  protected status(error: LLMError): number {
    return responseStatus(error);
  }

  /** What a failure tells its caller. Override it for another shape. */
  protected body(error: LLMError): PublicErrorBody {
    return publicErrorBody(error);
  }

  /** Writes the failure to an HTTP response of either platform; one that has begun is broken off. */
  protected answer(error: LLMError, status: number, response: FrameworkAnswer): void {
    const raw = rawResponse(response);
    if (raw.headersSent) {
      // Ending it would make what has been written look whole.
      if (!raw.writableEnded) cutOff(raw);
      return;
    }
    if (error.retryAfterMs !== undefined) response.header("Retry-After", String(Math.ceil(error.retryAfterMs / 1_000)));
    response.status(status).send(this.body(error));
  }
}

interface SocketClient {
  emit(event: string, data: object): unknown;
  /** The platform's own web sockets have no named messages. */
  readyState?: number;
  send?(text: string): unknown;
}

function tell(client: SocketClient, data: object): void {
  if (client.readyState === undefined) client.emit("exception", data);
  else client.send?.(JSON.stringify({ event: "exception", data }));
}
