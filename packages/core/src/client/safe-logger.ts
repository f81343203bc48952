import type { Logger } from "./client-options.js";

/**
 * The caller's logger, made so that a failure of its own reaches neither a call nor work in the background. Its `error`
 * is told of what the others fail with; of the first failure of that one the process is warned, by its name.
 */
export function safeLogger(logger: Logger | undefined): Logger | undefined {
  if (logger === undefined) return undefined;
  let told = false;
  const warnOnce = (error: unknown) => {
    if (!told) process.emitWarning(`the logger of a client failed: ${nameOf(error)}`);
    told = true;
  };
  const guarded = (level: keyof Logger, onFault: (error: unknown) => void): Logger[keyof Logger] => {
    if (typeof logger[level] !== "function") return undefined;
    return (message, fields) => {
      try {
        const answer: unknown = logger[level]?.(message, fields);
        if (answer instanceof Promise) answer.catch(onFault);
      } catch (error) {
        onFault(error);
      }
    };
  };
  const error = guarded("error", warnOnce);
  const tell =
    error === undefined ? warnOnce : (fault: unknown) => error("a listener failed", { error: nameOf(fault) });
  const safe = { debug: guarded("debug", tell), info: guarded("info", tell), warn: guarded("warn", tell), error };
  return Object.fromEntries(Object.entries(safe).filter(([, log]) => log !== undefined)) as Logger;
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
