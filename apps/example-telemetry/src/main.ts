import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createChat } from "./chat.js";
import { connectModel } from "./model.js";
import { startTelemetry } from "./start-telemetry.js";

const path = process.env.TELEMETRY_FILE ?? "telemetry.jsonl";
const telemetry = await startTelemetry(path);
const model = await connectModel();
const server = createServer(createChat(model)).listen(Number(process.env.PORT ?? 3000), "127.0.0.1");
await once(server, "listening");

console.log(`Telemetry on http://127.0.0.1:${(server.address() as AddressInfo).port}; ${model.answers} answers.`);
console.log(`Spans and metrics go to ${path}, the log to standard error. Ctrl+C ends it.`);

const stop = async () => {
  server.close();
  await model.close();
  // Last, as what ends now is still told.
  await telemetry.close();
};
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void stop());
