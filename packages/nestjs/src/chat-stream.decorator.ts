import { HttpCode, SetMetadata, type Type, UseInterceptors } from "@nestjs/common";
import { ConfigurationError } from "@signalbox/core";
import type { StreamFormat } from "@signalbox/core/node";
import { CHAT_STREAM, ChatStreamInterceptor } from "./chat-stream.interceptor.js";
import { HandlerCall } from "./handler-call.js";

/** How a handler's stream is written. */
export interface ChatStreamOptions {
  /** How the stream is written. @default "events" */
  format?: StreamFormat | undefined;
  /** A comment is written after so many milliseconds of silence; 0 = never. @default 15_000 */
  heartbeatMs?: number | undefined;
  /** How much of an Observable may wait for a client that reads slowly, in bytes. @default 1_048_576 */
  maxBufferBytes?: number | undefined;
  /** Your own way of answering. @default ChatStreamInterceptor */
  interceptor?: Type<ChatStreamInterceptor> | undefined;
}

/** What `Reflect` can do once Nest is loaded, which brings reflect-metadata. */
const metadata = Reflect as unknown as {
  getMetadataKeys(target: object): unknown[];
  getMetadata(key: unknown, target: object): unknown;
  hasMetadata(key: unknown, target: object): boolean;
  defineMetadata(key: unknown, value: unknown, target: object): void;
};

/** Where Nest keeps what `@HttpCode()` said. */
const HTTP_CODE = "__httpCode__";

/**
 * Streams what a `@Post()` or `@Get()` handler returns to the client, on Express and Fastify.
 *
 * Shape: the handler returns a GenerateStream, an Observable or another async iterable, of strings, StreamEvents,
 * StepEvents or plain objects, or a Promise of one. Anything else is answered as JSON, as always. The status is 200
 * unless `@HttpCode()` says otherwise. Interceptors around it get the `PipeOutcome` when the answer is over.
 * Units: streams and unchanged Observables of {@link LLMService} are read at the client's pace; any other Observable
 * is kept up to `maxBufferBytes`, then ended with an error.
 * Throws: what fails before the first event or heartbeat, for the exception filters; after it the client gets one
 * error event.
 * Cancels: a client that leaves aborts upstream at once; so does an interceptor that unsubscribes, such as a timeout.
 */
export function ChatStream(options: ChatStreamOptions = {}) {
  return (target: object, key: string | symbol, descriptor: PropertyDescriptor): void => {
    const handler: unknown = descriptor.value;
    if (typeof handler !== "function") {
      throw new ConfigurationError("invalid_config", `@ChatStream() belongs on a method, which ${String(key)} is not`);
    }
    const streaming = HandlerCall.answered(handler as (...args: never[]) => unknown);
    // Decorators below this one have described the method; those above will describe what stands in its place.
    for (const each of metadata.getMetadataKeys(handler)) {
      metadata.defineMetadata(each, metadata.getMetadata(each, handler), streaming);
    }
    descriptor.value = streaming;
    SetMetadata(CHAT_STREAM, options)(target, key, descriptor);
    UseInterceptors(options.interceptor ?? ChatStreamInterceptor)(target, key, descriptor);
    if (!metadata.hasMetadata(HTTP_CODE, streaming)) HttpCode(200)(target, key, descriptor);
  };
}
