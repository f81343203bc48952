import { AsyncLocalStorage } from "node:async_hooks";
import {
  type CallHandler,
  type ExecutionContext,
  Inject,
  Injectable,
  Logger,
  type NestInterceptor,
} from "@nestjs/common";
import { Reflector } from "@nestjs/core";
import { InvalidRequestError } from "@signalbox/core";
import { type PipeOutcome, pipeStream } from "@signalbox/core/node";
import { finalize, isObservable, Observable } from "rxjs";
import type { ChatStreamOptions } from "./chat-stream.decorator.js";
import { handledHere } from "./handled-here.js";
import { HandlerCall } from "./handler-call.js";
import type { HandlerRun } from "./handler-run.js";
import { HttpAnswer } from "./http-answer.js";
import { HttpRequest } from "./http-request.js";
import { IterableReader } from "./iterable-reader.js";
import { ObservableReader } from "./observable-reader.js";
import { streamOpener } from "./stream-observable.js";

export const CHAT_STREAM = "signalbox:chat-stream";

/** What can be piped to a response. */
export type StreamSource = Parameters<typeof pipeStream>[0] & {
  /** Ends what feeds the stream. */
  abort?(reason?: unknown): void;
};

/** Answers for `@ChatStream()`. Extend it to change how; give the class as the decorator's `interceptor`. */
@Injectable()
export class ChatStreamInterceptor implements NestInterceptor {
  protected readonly logger = new Logger("ChatStream");
  readonly #reflector: Reflector;

  /**
   * Made by Nest.
   *
   * @param reflector - reads the options of `@ChatStream()` from the handler
   */
  constructor(@Inject(Reflector) reflector: Reflector) {
    this.#reflector = reflector;
  }

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (context.getType() !== "http") {
      throw new InvalidRequestError("invalid_request", "@ChatStream() answers HTTP requests only");
    }
    const options = this.#reflector.get<ChatStreamOptions | undefined>(CHAT_STREAM, context.getHandler()) ?? {};
    const request = HttpRequest.of(context.switchToHttp().getRequest());
    const call = new HandlerCall(context.getHandler(), (handle, run) => {
      const answer = () => this.#answer(handle, run, context, options);
      return request === undefined ? answer() : request.handle(run.signal, answer);
    });
    return call.run(() => handledHere(next)).pipe(finalize(() => call.giveUp()));
  }

  /** What opens the stream behind a handler's value; undefined for a value that is no stream. */
  protected opener(
    value: unknown,
    { maxBufferBytes = 1_048_576 }: ChatStreamOptions,
  ): (() => StreamSource) | undefined {
    if (typeof value !== "object" || value === null) return undefined;
    if (isObservable(value)) return streamOpener(value) ?? (() => new ObservableReader(value, maxBufferBytes));
    const isStream = Symbol.asyncIterator in value && !Array.isArray(value);
    if (!isStream) return undefined;
    const source = value as StreamSource & AsyncIterable<unknown>;
    return () => (typeof source.abort === "function" ? source : new IterableReader(source));
  }

  /** Pipes a stream to the response when it is subscribed to, and gives both up when it is unsubscribed from. */
  protected pipe(
    open: () => StreamSource,
    context: ExecutionContext,
    options: ChatStreamOptions,
    run: HandlerRun,
  ): Observable<PipeOutcome> {
    // Nest subscribes somewhere else; what the handler returned is to run where the handler ran.
    const inContext = AsyncLocalStorage.snapshot();
    return new Observable((subscriber) => {
      const answer = new HttpAnswer(context.switchToHttp().getResponse());
      const source = inContext(open);
      run.stops(source);
      let over = false;
      const { format, heartbeatMs } = options;
      const request = HttpRequest.of(context.switchToHttp().getRequest());
      const told = request?.streams((reason) => source.abort?.(reason)) ?? (() => {});
      const piped = inContext(() => pipeStream(source, answer.raw, { format, heartbeatMs }));
      piped.then(told, told);
      piped.then(
        (outcome) => {
          over = true;
          run.over();
          answer.answered();
          this.onOutcome(outcome, context);
          subscriber.next(outcome);
          subscriber.complete();
        },
        (error: unknown) => {
          over = true;
          run.over();
          answer.release();
          subscriber.error(error);
        },
      );
      return () => {
        if (over) return;
        run.giveUp();
        answer.cut();
      };
    });
  }

  async #answer(
    handle: () => unknown,
    run: HandlerRun,
    context: ExecutionContext,
    options: ChatStreamOptions,
  ): Promise<unknown> {
    try {
      const value = await handle();
      const open = this.opener(value, options);
      if (open !== undefined) {
        // It may be running by now, and nobody may be left to subscribe to it.
        run.stops(value as object);
        return this.pipe(open, context, options, run);
      }
      run.over();
      return value;
    } catch (error) {
      run.over();
      throw error;
    }
  }

  /** Hears how an answer that had begun has ended. Logs failures, which no exception filter sees. */
  protected onOutcome({ outcome, error }: PipeOutcome, context: ExecutionContext): void {
    if (outcome !== "failed") return;
    const where = `${context.getClass().name}.${context.getHandler().name}`;
    this.logger.error(
      `${where} failed while streaming: ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`,
    );
  }
}
