import { ModelNotFoundError } from "../errors/error-classes.js";
import { type Clock, systemClock, type Timer } from "../http/clock.js";
import type { Catalogue } from "./catalogue.js";
import type { ModelEndpoint, ModelFilter, ModelInfo, ModelPrice } from "./model-types.js";
import { readEndpoints, readModels } from "./read-models.js";
import { type Purpose, recommendModel } from "./recommend.js";
import { notFound, resolveModel } from "./resolve-model.js";
import { splitModelId } from "./split-model-id.js";

/** What `llm.models` is. Everything but `endpoints` and `refresh` answers at once, from memory. */
export interface Models {
  /** The catalogue, or what of it passes the filter. Before the first refresh: a bundled snapshot. */
  list(filter?: ModelFilter): ModelInfo[];
  get(id: string): ModelInfo | undefined;
  /** List price in USD per million tokens; the original notation is understood. */
  price(id: string): ModelPrice | undefined;
  /** The original guide's choice, in its notation. */
  recommend(purpose: "daily" | "complex"): string;
  recommend(purpose: "fast"): string[];
  recommend(purpose: Purpose): string | string[];
  /**
   * Who serves a model, and at which price. Goes to the network.
   *
   * Throws: what the request throws; ModelNotFoundError for an id without vendor.
   */
  endpoints(id: string): Promise<ModelEndpoint[]>;
  /**
   * Replaces the catalogue by OpenRouter's own list. Goes to the network; several at once are one.
   *
   * Throws: what the request throws; the old catalogue then stays.
   */
  refresh(): Promise<ModelInfo[]>;
}

export interface ModelsOptions {
  catalogue: Catalogue;
  /** GET of a path below the base URL; resolves with the parsed body. */
  get(path: string): Promise<unknown>;
  /** Refresh in the background this often; absent or 0: never. */
  refreshMs?: number | undefined;
  clock?: Clock | undefined;
  /** Hears of background refreshes that failed; the next one comes all the same. */
  onRefreshError?(error: unknown): void;
}

/** Makes a client's `models`. `close` ends the background refresh. */
export function createModels(options: ModelsOptions): Models & { close(): void } {
  const { catalogue, clock = systemClock, refreshMs = 0 } = options;
  let running: Promise<ModelInfo[]> | undefined;
  let timer: Timer | undefined;
  let closed = false;

  const refresh = (): Promise<ModelInfo[]> => {
    running ??= options
      .get("/models")
      .then((body) => {
        catalogue.replace(readModels(body));
        return catalogue.list();
      })
      .finally(() => {
        running = undefined;
      });
    return running;
  };
  const schedule = () => {
    if (closed || refreshMs <= 0) return;
    timer = clock.after(refreshMs, () => {
      void refresh()
        .then(undefined, (error: unknown) => options.onRefreshError?.(error))
        .finally(schedule);
    });
  };
  schedule();

  return {
    list: (filter) => catalogue.list(filter),
    get: (id) => catalogue.get(id),
    price: (id) => catalogue.price(id) ?? priceOfNotation(id, catalogue),
    recommend: recommendModel as Models["recommend"],
    async endpoints(id) {
      const { base } = splitModelId(resolveModel(id, { catalogue }).sent);
      const [vendor, slug] = base.split("/");
      // A segment of dots would climb out of the path.
      if (!vendor || !slug || /^\.+$/.test(vendor) || /^\.+$/.test(slug)) throw notFound(id, []);
      return readEndpoints(
        await options.get(`/models/${encodeURIComponent(vendor)}/${encodeURIComponent(slug)}/endpoints`),
      );
    },
    refresh,
    close() {
      closed = true;
      timer?.clear();
    },
  };
}

/** The price of what is sent for an id; undefined where nothing can be sent for it. */
function priceOfNotation(id: string, catalogue: Catalogue): ModelPrice | undefined {
  try {
    return catalogue.price(resolveModel(id, { catalogue }).sent);
  } catch (error) {
    if (ModelNotFoundError.is(error)) return undefined;
    throw error;
  }
}
