import type { ScopeOptions } from "../client/client-options.js";
import { ModelNotFoundError } from "../errors/error-classes.js";

/** Whoever asks for a run. */
export interface RunCaller {
  /** What its calls carry. */
  scope: ScopeOptions;
  /** Whose its runs are; undefined: anybody's. */
  owner: string | undefined;
}

/** What a server says of who may start runs and touch them. */
export interface RunAccess<Req> {
  /** Who may start a run, or touch the run `runId`: true, the scope of its calls, or false. @default everybody */
  authorize?: ((request: Req, runId?: string) => ScopeOptions | boolean | Promise<ScopeOptions | boolean>) | undefined;
  /** Whose the runs are; undefined is nobody. @default anybody's */
  owner?: ((request: Req) => string | undefined | Promise<string | undefined>) | undefined;
}

/**
 * Who asks to start a run, or to touch the run `runId`: undefined for whom `authorize` or `owner` do not let in, by
 * saying nothing either.
 *
 * Throws: what `authorize` and `owner` throw.
 */
export async function findRunCaller<Req>(
  request: Req,
  { authorize, owner }: RunAccess<Req>,
  runId?: string,
): Promise<RunCaller | undefined> {
  const answer = authorize === undefined ? true : await authorize(request, runId);
  if (answer !== true && (typeof answer !== "object" || answer === null)) return undefined;
  const scope = answer === true ? {} : answer;
  if (owner === undefined) return { scope, owner: undefined };
  const name = await owner(request);
  return typeof name === "string" && name !== "" ? { scope, owner: name } : undefined;
}

/**
 * Who asks to touch the run `runId`.
 *
 * @throws ModelNotFoundError `not_found` for whoever may not: nobody learns which runs exist
 */
export async function admitToRun<Req>(request: Req, access: RunAccess<Req>, runId: string): Promise<RunCaller> {
  const caller = await findRunCaller(request, access, runId);
  if (caller === undefined) throw runNotFound(runId);
  return caller;
}

/** The `not_found` of a run that does not exist, or is not its caller's. */
export function runNotFound(runId: string): ModelNotFoundError {
  return new ModelNotFoundError("not_found", `run not found: ${runId.slice(0, 200)}`);
}
