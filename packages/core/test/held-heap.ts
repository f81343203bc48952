import { getHeapStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** Bytes of this thread's heap that something still holds. */
export function heldHeap(): number {
  collect();
  return getHeapStatistics().used_heap_size;
}
