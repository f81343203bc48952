import { oneStream } from "./one-stream.ts";

export const scenario = oneStream("one stream of 20,000 multi-byte deltas in writes of 1,021 bytes", "multibyte");
