import { type LazyPart, lazyPart } from "../errors/lazy-part.js";
import type { Watcher } from "../generate/request-watch.js";
import type { Logger } from "./client-options.js";
import type { ResolvedClientOptions } from "./resolve-options.js";

/** What tells the client's telemetry, and its log at `debug`, of requests and tools; undefined where it has neither. */
export function openWatcher(
  { telemetry, clock, baseURL }: ResolvedClientOptions,
  provider: string,
  logger: Logger | undefined,
): LazyPart<Watcher> | undefined {
  const debug = logger?.debug?.bind(logger);
  if (telemetry === undefined && debug === undefined) return undefined;
  return lazyPart(async () => {
    const [traced, logged] = await Promise.all([
      telemetry &&
        import("../telemetry/open-telemetry.js").then((part) =>
          part.openTelemetry(telemetry, { provider, baseURL, clock }),
        ),
      debug && import("./log-watcher.js").then(({ logWatcher }) => logWatcher(debug, clock)),
    ]);
    if (traced === undefined || logged === undefined) return (traced ?? logged) as Watcher;
    const { bothWatchers } = await import("./both-watchers.js");
    return bothWatchers(traced, logged);
  });
}
