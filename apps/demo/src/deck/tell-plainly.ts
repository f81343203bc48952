import { LLMError } from "@signalbox/core";

/**
 * A step whose failures are told word for word. Servers keep upstream's words from strangers; whoever reads the
 * studio's events runs it.
 */
export function tellPlainly<Context, Result>(
  run: (context: Context) => Promise<Result>,
): (context: Context) => Promise<Result> {
  return async (context) => {
    try {
      return await run(context);
    } catch (error) {
      throw LLMError.is(error) && !error.expose ? exposed(error) : error;
    }
  };
}

function exposed(error: LLMError): LLMError {
  const { code, detail, status, hint, retryable, retryAfterMs, generationId } = error;
  return new LLMError(code, detail, {
    status,
    hint,
    retryable,
    retryAfterMs,
    generationId,
    expose: true,
    cause: error,
  });
}
