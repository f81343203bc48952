import { oneStream } from "./one-stream.ts";

export const scenario = oneStream("one stream of 20,000 deltas, id and time of its own for each", "envelope");
