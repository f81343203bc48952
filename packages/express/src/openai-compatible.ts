import {
  AuthenticationError,
  type LLM,
  LLMError,
  ModelNotFoundError,
  responseStatus,
  type ScopeOptions,
} from "@signalbox/core";
import { type OptionRules, shutdownOf } from "@signalbox/core/node";
import { type Request, type RequestHandler, type Response, Router } from "express";
import { readBodyLimit } from "./body/body-limit.js";
import { jsonBodyReader } from "./body/json-body.js";
import { readParserError } from "./body/parser-error.js";
import { endOfAnswer } from "./end-of-answer.js";
import { lastOnItsConnection } from "./last-on-its-connection.js";
import { checkClient } from "./llm-client-shape.js";
import { findModel } from "./openai/find-model.js";
import { readModelBound } from "./openai/model-bound.js";
import { readModelList } from "./openai/model-list.js";
import { failureOf, openAIErrorBody, parsed } from "./openai/openai-error.js";
import { relay } from "./openai/relay.js";
import { checkOptions, setupMistake } from "./option-checks.js";
import { findRequestLLM, getLLM } from "./request-llm.js";
import { setRetryAfter } from "./retry-after.js";

/** Who may use the router, and for what. */
export interface OpenAICompatibleOptions {
  /** @default the one that `llmMiddleware` put on the request */
  client?: LLM | undefined;
  /** Who may ask, and as whom: the scope of the request's calls, or false. `"none"` lets everybody in. */
  authorize: ((req: Request) => ScopeOptions | false | Promise<ScopeOptions | false>) | "none";
  /** Ids or patterns (`"anthropic/*"`) that may be asked for and are listed. @default all */
  models?: readonly string[] | undefined;
  /** The longest body the router reads itself, in bytes or as `"10mb"`. @default "10mb" */
  bodyLimit?: string | number | undefined;
}

const OPTIONS: OptionRules<OpenAICompatibleOptions> = {
  client: "anything",
  authorize: "anything",
  models: "anything",
  bodyLimit: "anything",
};

/** What a request may do once it was let in. */
interface Entry {
  llm: LLM;
  /** Aborts when there is nobody to answer any more. */
  end: AbortSignal;
  callerKey: boolean;
}

/**
 * A router that OpenAI's clients can be pointed at: `POST /chat/completions` (JSON and SSE), `POST /embeddings`,
 * `GET /models`, `GET /models/:id` (`author/slug` or `author%2Fslug`, with variants).
 *
 * Shape: bodies go upstream through the client's transport, key, limits, budgets and policy; what comes back is
 * relayed byte for byte. The caller's `Authorization` is for `authorize` alone. Errors are OpenAI-shaped, with
 * `Retry-After`; a stream that breaks off ends with an error event.
 * Throws: ConfigurationError at start-up, also without `authorize`: an open door has to be asked for.
 * Cancels: a caller that leaves, or has its answer from somebody else, ends the request upstream.
 */
export function openAICompatible(options: OpenAICompatibleOptions): Router {
  checkOptions("openAICompatible", options, OPTIONS);
  checkClient("openAICompatible", options.client);
  const { authorize } = options;
  if (authorize !== "none" && typeof authorize !== "function") {
    throw setupMistake(
      "openAICompatible: `authorize` is missing",
      'Give a function that returns the scope of a request or false, or "none" to let everybody in.',
    );
  }
  const bound = readModelBound(options.models);
  const readBody = jsonBodyReader(readBodyLimit("openAICompatible", options.bodyLimit ?? "10mb"));
  if (options.client !== undefined) requireAddress(options.client);

  const admit = async (req: Request, res: Response): Promise<Entry> => {
    const scope = authorize === "none" ? {} : await authorize(req);
    if (typeof scope !== "object" || scope === null) {
      throw new AuthenticationError("authentication", "the credentials were refused", { expose: true });
    }
    const end = endOfAnswer(req, res);
    const before = findRequestLLM(req);
    // A client of the router's own does not carry the scope that the middleware aborts.
    const signal = options.client && before ? AbortSignal.any([end, before.end]) : end;
    const client = options.client ?? getLLM(req);
    const llm = client.scope(scope).scope({ signal, policy: bound.policy });
    const callerKey = scope.apiKey !== undefined || (options.client === undefined && before?.callerKey === true);
    return { llm, end, callerKey };
  };

  const handle = (answer: (entry: Entry, req: Request, res: Response) => Promise<void>): RequestHandler => {
    return (req, res, next) => {
      let entry: Entry | undefined;
      const run = async () => {
        entry = await admit(req, res);
        await answer(entry, req, res);
      };
      run().catch((error: unknown) => {
        if (res.writableEnded) return;
        if (entry?.end.aborted) return void res.destroy();
        // Until it was let in, a request's only credentials are the caller's.
        if (!answerError(error, res, entry?.callerKey ?? true)) next(error);
      });
    };
  };

  const post = (path: string) =>
    handle(async ({ llm, end }, req, res) => {
      const body = JSON.stringify(await readBody(req, res));
      const headers = { "content-type": "application/json" };
      const init = { method: "POST", headers, body, signal: end };
      await relay(await llm.fetch(requireAddress(llm) + path, init), res, end);
    });

  const listModels = async ({ llm, end }: Entry) => {
    const answer = await llm.fetch(`${requireAddress(llm)}/models`, { signal: end });
    const text = await answer.text();
    const failure = failureOf(answer, text);
    if (failure !== undefined) throw failure;
    return readModelList(parsed(text), bound);
  };

  const router = Router({ mergeParams: true });
  router.post("/chat/completions", post("/chat/completions"));
  router.post("/embeddings", post("/embeddings"));
  router.get(
    "/models",
    handle(async (entry, _req, res) => {
      res.json({ object: "list", data: await listModels(entry) });
    }),
  );
  // An expression, because an id has a slash and the two majors spell that differently.
  router.get(
    /^\/models\/(.+)$/,
    handle(async (entry, req, res) => {
      const id = String((req.params as Record<string, string>)[0]);
      const model = findModel(id, await listModels(entry), (asked) => entry.llm.models.get(asked)?.id);
      if (model === undefined) throw new ModelNotFoundError("model_not_found", `model not found: ${id.slice(0, 200)}`);
      res.json(model);
    }),
  );
  return router;
}

/** Answers with an error in OpenAI's shape; false where it is none of ours or the answer has begun. */
function answerError(error: unknown, res: Response, callerKey: boolean): boolean {
  const known = shutdownOf(error) ?? (LLMError.is(error) ? error : readParserError(error));
  if (known === undefined || res.headersSent) return false;
  if (known.code === "aborted" && known.status === 503) lastOnItsConnection(res);
  setRetryAfter(res, known.retryAfterMs);
  res.status(responseStatus(known, callerKey));
  res.setHeader("Content-Type", "application/json; charset=utf-8");
  res.json(openAIErrorBody(known));
  return true;
}

function requireAddress(llm: LLM): string {
  if (llm.baseURL !== undefined) return llm.baseURL.replace(/\/+$/, "");
  throw setupMistake(
    "openAICompatible: the client's provider has no base URL to relay to",
    "Give a client of the provider openrouter, openai or custom; your own provider serves chatHandler().",
  );
}
