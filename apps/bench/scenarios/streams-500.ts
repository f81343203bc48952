import { manyStreams } from "./many-streams.ts";

export const scenario = manyStreams("500 streams at once, 200 deltas each", "short", 500);
