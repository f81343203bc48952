import "reflect-metadata";
import type { AddressInfo } from "node:net";
import { NestFactory } from "@nestjs/core";
import { AppModule } from "./app.module.js";
import { CUSTOMERS, CustomerTokens } from "./customers.js";
import { connectModel } from "./model.js";

const model = await connectModel();
const app = await NestFactory.create(AppModule.with(model.llm), { logger: ["error", "warn"] });
const server = await app.listen(Number(process.env.PORT ?? 3000), "127.0.0.1");

console.log(`Nest agent on http://127.0.0.1:${(server.address() as AddressInfo).port}; ${model.answers} answers.`);
if (model.answers === "the simulator")
  console.log("No OPENROUTER_API_KEY is set: answers are made up, nothing is billed.");
for (const customer of CUSTOMERS)
  console.log(`export ${customer.toUpperCase()}=${app.get(CustomerTokens).issue(customer)}`);
console.log("These tokens let two customers in; the README shows how. Ctrl+C ends it.");

const stop = async () => {
  await app.close();
  await model.close();
};
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void stop());
