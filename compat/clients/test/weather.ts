import { z } from "zod";

/** The shape that structured answers have. */
export const WEATHER = z.object({ city: z.string(), degrees: z.number() });
