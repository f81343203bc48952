import { manyStreams } from "./many-streams.ts";

export const scenario = manyStreams("100 streams at once, 200 deltas each", "short", 100);
