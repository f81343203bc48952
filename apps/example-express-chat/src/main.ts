import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createChat } from "./chat.js";
import { connectModel } from "./model.js";

const model = await connectModel();
const chat = createChat(model);
const server = createServer(chat.app).listen(Number(process.env.PORT ?? 3000), "127.0.0.1");
await once(server, "listening");

console.log(`Express chat on http://127.0.0.1:${(server.address() as AddressInfo).port}; ${model.answers} answers.`);
if (model.answers === "the simulator")
  console.log("No OPENROUTER_API_KEY is set: answers are made up, nothing is billed.");
console.log("Who may log in stands in the README. Ctrl+C ends it.");

const stop = async () => {
  server.close();
  await chat.close(5_000);
  await model.close();
};
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void stop());
