import type { LLM } from "../client/llm.js";
import { LLMError } from "../errors/llm-error.js";
import { addCost } from "../usage/read-cost.js";
import { addUsage } from "../usage/read-usage.js";
import type { Cost, Usage } from "../usage/usage.js";

interface Metered {
  usage?: Usage | undefined;
  cost?: Cost | undefined;
}

interface MeteredStream {
  readonly result: Promise<Metered>;
  readonly events: AsyncIterable<unknown>;
  [Symbol.asyncIterator](): AsyncIterator<unknown>;
  abort(reason?: unknown): void;
}

type CountedMethod = "generate" | "generateStructured" | "embed" | "rerank" | "stream" | "streamStructured" | "scope";

/** Counts what the calls of one step take, failed and aborted ones included as far as they tell. */
export class StepMeter {
  #usage: Usage | undefined;
  #cost: Cost | undefined;
  readonly #open = new Set<Promise<void>>();

  /** The same client; every call made through it, or through its scopes, is counted here. */
  wrap(llm: LLM): LLM {
    const counted: Pick<LLM, CountedMethod> = {
      generate: (request) => this.#count(llm.generate(request)),
      generateStructured: (request) => this.#count(llm.generateStructured(request)),
      embed: (request) => this.#count(llm.embed(request)),
      rerank: (request) => this.#count(llm.rerank(request)),
      stream: (request) => this.#watch(llm.stream(request)),
      streamStructured: (request) => this.#watch(llm.streamStructured(request)),
      scope: (options) => this.wrap(llm.scope(options)),
    };
    return new Proxy(llm, {
      get: (target, property) =>
        Object.hasOwn(counted, property) ? Reflect.get(counted, property) : own(target, property),
    });
  }

  /** The sums so far. A stream that was read to its end tells in the same turn; one left open is not waited for. */
  async total(): Promise<{ usage?: Omit<Usage, "raw"> | undefined; cost?: Cost | undefined }> {
    const turn = new Promise<void>((resolve) => setImmediate(resolve));
    if (this.#open.size > 0) await Promise.race([Promise.all(this.#open), turn]);
    if (this.#usage === undefined) return { cost: this.#cost };
    const { raw: _raw, ...usage } = this.#usage;
    return { usage, cost: this.#cost };
  }

  #add({ usage, cost }: Metered): void {
    this.#usage = addUsage(this.#usage, usage);
    this.#cost = addCost(this.#cost, cost);
  }

  #count<R extends Metered>(call: Promise<R>): Promise<R> {
    const told = call.then(
      (result) => this.#add(result),
      (error: unknown) => {
        if (LLMError.is(error) && error.partial !== undefined) this.#add(error.partial as Metered);
      },
    );
    this.#open.add(told);
    void told.then(() => this.#open.delete(told));
    return call;
  }

  /** A stream's result may be asked for only once it has a reader: without one it would drain itself. */
  #watch<S extends MeteredStream>(stream: S): S {
    let counted = false;
    const count = () => {
      if (!counted) void this.#count(stream.result);
      counted = true;
    };
    const read = <T>(source: AsyncIterable<T>): AsyncIterator<T> => {
      const iterator = source[Symbol.asyncIterator]();
      count();
      return iterator;
    };
    return new Proxy(stream, {
      get(target, property) {
        if (property === Symbol.asyncIterator) return () => read(target);
        if (property === "events") return { [Symbol.asyncIterator]: () => read(target.events) };
        if (property === "result") count();
        const value = own(target, property);
        if (typeof value !== "function") return value;
        return (...args: unknown[]) => {
          const answer: unknown = value(...args);
          count();
          return answer;
        };
      },
    });
  }
}

/** A property as the object itself sees it: private fields are out of a proxy's reach. */
function own(target: object, property: PropertyKey): unknown {
  const value: unknown = Reflect.get(target, property, target);
  return typeof value === "function" ? value.bind(target) : value;
}
