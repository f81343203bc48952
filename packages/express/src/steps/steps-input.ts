import type { RunInputSource } from "@signalbox/core/node";
import type { Request } from "express";

/** Makes the input of a run from a body: a Standard Schema (zod, valibot, arktype, …) or a function. */
export type StepsInput<Input> = RunInputSource<Input, Request>;
