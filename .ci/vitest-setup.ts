import { setImmediate } from "node:timers/promises";
import { afterAll } from "vitest";
import { guardNetwork } from "./network-guard.js";

// A test file fails on what no assertion of it would see.
const mishaps: unknown[] = [];

const onRejection = (reason: unknown) => mishaps.push(reason);
const onWarning = (warning: Error) => {
  if (warning.name === "MaxListenersExceededWarning") mishaps.push(warning);
};

process.on("unhandledRejection", onRejection);
process.on("warning", onWarning);
guardNetwork((error) => mishaps.push(error));

afterAll(async () => {
  // Rejections and warnings are reported a turn after they happen.
  await setImmediate();
  process.off("unhandledRejection", onRejection);
  process.off("warning", onWarning);
  if (mishaps.length > 0) throw new AggregateError(mishaps, mishaps.map(String).join("\n"));
});
