// A script that uses the stores and closes its own client, and nothing else.
import { redisStores } from "../src/index.js";
import { type ClientName, openClient } from "./open-client.js";

const [, , name, url = ""] = process.argv;
const { client, close } = await openClient(name as ClientName, url);
const { budgetStore, limitStore } = redisStores(client, { prefix: "exit" });
await budgetStore.reserve([{ counter: "day", limitUsd: 1, amountUsd: 0.1 }], "never-ended");
await limitStore.take([{ counter: "requests", limit: 5, windowMs: 60_000 }]);
console.log("end of the script");
close();
