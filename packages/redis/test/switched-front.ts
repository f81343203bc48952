import { once } from "node:events";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

/** One address before several processes, as a balancer is. */
export interface SwitchedFront {
  readonly origin: string;
  /** Breaks every connection, and sends those to come to `origin`. */
  switchTo(origin: string): void;
}

export async function switchedFront(origin: string): Promise<SwitchedFront> {
  let target = origin;
  const server = createServer((asked, answer) => {
    const { method, headers } = asked;
    const onward = request(target + asked.url, { method, headers }, (given) => {
      answer.writeHead(given.statusCode ?? 502, given.headers);
      given.pipe(answer);
    });
    onward.on("error", () => answer.destroy());
    answer.on("close", () => onward.destroy());
    asked.pipe(onward);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    switchTo(next) {
      target = next;
      server.closeAllConnections();
    },
  };
}
