import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { frontEnds } from "./front-ends.js";
import { connectModel } from "./model.js";
import { createProxy, MODELS } from "./proxy.js";

const model = await connectModel();
const known = frontEnds(process.env);
const proxy = createProxy(model, { frontEnds: known, origin: process.env.FRONT_END_ORIGIN });
const server = createServer(proxy.app).listen(Number(process.env.PORT ?? 3000), "127.0.0.1");
await once(server, "listening");

const { port } = server.address() as AddressInfo;
console.log(`OpenAI proxy on http://127.0.0.1:${port}/v1 for ${MODELS.join(", ")}; ${model.answers} answers.`);
if (model.answers === "the simulator")
  console.log("No OPENROUTER_API_KEY is set: answers are made up, nothing is billed.");
for (const { name, token } of known) {
  const variable = `${name.toUpperCase()}_TOKEN`;
  console.log(`${variable} ${process.env[variable] ? "is the one you set" : `= ${token}`}`);
}

const stop = async () => {
  server.close();
  await proxy.close(5_000);
  await model.close();
};
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void stop());
