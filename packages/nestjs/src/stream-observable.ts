import { Observable } from "rxjs";

/** Something that runs once it is read and can be stopped at any time. */
export interface Stoppable<T> extends AsyncIterable<T> {
  abort(reason?: unknown): void;
}

const OPEN = Symbol.for("signalbox.StreamObservable");
const VALUES = Symbol.for("signalbox.StreamObservable.values");

/**
 * A cold Observable over streams: each subscription opens one of its own, unsubscribing aborts it synchronously.
 * While it is unchanged, whoever knows it can open a stream and read that at its own pace instead.
 */
export class StreamObservable<T> extends Observable<T> {
  readonly [OPEN]: () => Stoppable<unknown>;
  readonly [VALUES]: () => Stoppable<T>;

  /**
   * @param open - what a subscriber gets
   * @param openWhole - what is piped to a client, where that is more than the values
   */
  constructor(open: () => Stoppable<T>, openWhole: () => Stoppable<unknown> = open) {
    super((subscriber) => {
      const stream = open();
      const read = async () => {
        for await (const value of stream) {
          if (subscriber.closed) return;
          subscriber.next(value);
        }
        subscriber.complete();
      };
      read().catch((error: unknown) => subscriber.error(error));
      return () => stream.abort("the subscriber has left");
    });
    this[OPEN] = openWhole;
    this[VALUES] = open;
  }
}

/** What opens the stream behind an unchanged Observable of ours, whichever install made it. */
export function streamOpener(value: object): (() => Stoppable<unknown>) | undefined {
  return OPEN in value ? (value as StreamObservable<unknown>)[OPEN] : undefined;
}

/** What opens the values that a subscriber of an unchanged Observable of ours would get. */
export function valueOpener(value: object): (() => Stoppable<unknown>) | undefined {
  return VALUES in value ? (value as StreamObservable<unknown>)[VALUES] : undefined;
}
