import { InvalidRequestError, type StandardSchemaV1 } from "@signalbox/core";
import type { Request } from "express";
import type { JsonObject } from "../body/json-body.js";
import { setupMistake } from "../option-checks.js";

/** Makes the input of a run from a body: a Standard Schema (zod, valibot, arktype, …) or a function. */
export type StepsInput<Input> =
  | StandardSchemaV1<unknown, Input>
  | ((body: JsonObject, req: Request) => Input | Promise<Input>);

/**
 * Reads the `input` option. Without one the body itself is the input.
 *
 * The function it gives throws `invalid_request` with the schema's issues, or what the user's function throws.
 *
 * @throws ConfigurationError `invalid_config` for what is neither schema nor function
 */
export function readInput<Input>(
  input: StepsInput<Input> | undefined,
): (body: JsonObject, req: Request) => Promise<Input> {
  if (input === undefined) return async (body) => body as Input;
  // Schemas first: some are functions too.
  if (isSchema<Input>(input)) return (body) => validated(input, body);
  if (typeof input === "function") return async (body, req) => input(body, req);
  throw setupMistake(
    "stepsRouter: `input` is neither a schema nor a function",
    "Give a Standard Schema such as z.object({ … }), or a function that takes the body and returns the input.",
  );
}

function isSchema<Input>(input: unknown): input is StandardSchemaV1<unknown, Input> {
  return (typeof input === "object" || typeof input === "function") && input !== null && "~standard" in input;
}

async function validated<Input>(schema: StandardSchemaV1<unknown, Input>, body: JsonObject): Promise<Input> {
  const result = await schema["~standard"].validate(body);
  if (result.issues === undefined) return result.value;
  const told = result.issues.slice(0, 10).map(({ path, message }) => {
    const place = (path ?? []).map((part) => String(typeof part === "object" ? part.key : part)).join(".");
    return place === "" ? message : `${place}: ${message}`;
  });
  throw new InvalidRequestError("invalid_request", `the input is not valid: ${told.join("; ")}`);
}
