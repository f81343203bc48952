import { ConfigurationError, InvalidRequestError } from "../errors/error-classes.js";
import type { StandardSchemaV1 } from "../structured/standard-schema.js";

/** Makes the input of a run from a body: a Standard Schema (zod, valibot, arktype, …) or a function. */
export type RunInputSource<Input, Req> =
  | StandardSchemaV1<unknown, Input>
  | ((body: Record<string, unknown>, request: Req) => Input | Promise<Input>);

/**
 * What makes the inputs of runs from the bodies of requests; without `input` the body itself is the input.
 *
 * The function it gives throws `invalid_request` with the schema's issues, or what the user's function throws.
 *
 * @param where - whose `input` it is, as the reader knows it
 * @throws ConfigurationError `invalid_config` for what is neither schema nor function
 */
export function runInputs<Input, Req>(
  where: string,
  input: RunInputSource<Input, Req> | undefined,
): (body: Record<string, unknown>, request: Req) => Promise<Input> {
  if (input === undefined) return async (body) => body as Input;
  // Schemas first: some are functions too.
  if (isSchema<Input>(input)) return (body) => validated(input, body);
  if (typeof input === "function") return async (body, request) => input(body, request);
  throw new ConfigurationError("invalid_config", `${where}: \`input\` is neither a schema nor a function`, {
    hint: "Give a Standard Schema such as z.object({ … }), or a function that takes the body and returns the input.",
  });
}

/**
 * The run that a body wants to go on with; undefined for a new one.
 *
 * @throws InvalidRequestError `invalid_request` for no id, or an input beside it: a run keeps the one it began with
 */
export function readResumeFrom(body: Readonly<Record<string, unknown>>): string | undefined {
  const { resumeFrom, ...input } = body;
  if (resumeFrom === undefined) return undefined;
  if (typeof resumeFrom !== "string" || resumeFrom === "") {
    throw new InvalidRequestError("invalid_request", "`resumeFrom` is not the id of a run");
  }
  if (Object.keys(input).length > 0) {
    throw new InvalidRequestError("invalid_request", "a run goes on with its own input: send `resumeFrom` alone");
  }
  return resumeFrom;
}

function isSchema<Input>(input: unknown): input is StandardSchemaV1<unknown, Input> {
  return (typeof input === "object" || typeof input === "function") && input !== null && "~standard" in input;
}

async function validated<Input>(
  schema: StandardSchemaV1<unknown, Input>,
  body: Readonly<Record<string, unknown>>,
): Promise<Input> {
  const result = await schema["~standard"].validate(body);
  if (result.issues === undefined) return result.value;
  const told = result.issues.slice(0, 10).map(({ path, message }) => {
    const place = (path ?? []).map((part) => String(typeof part === "object" ? part.key : part)).join(".");
    return place === "" ? message : `${place}: ${message}`;
  });
  throw new InvalidRequestError("invalid_request", `the input is not valid: ${told.join("; ")}`);
}
