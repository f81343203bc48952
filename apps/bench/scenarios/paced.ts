import { manyStreams } from "./many-streams.ts";

export const scenario = manyStreams("200 streams of 50 deltas a second, one event a write", "paced", 200);
