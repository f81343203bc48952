import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A way to a server of this machine on which answers take as long as they are told to. */
export interface SlowLink {
  readonly port: number;
  /** How long every answer is held back, in milliseconds. */
  delayMs: number;
  /** Everything that clients have sent since this was last emptied. */
  readonly sent: Buffer[];
  close(): Promise<void>;
}

/** What is sent passes at once; what comes back is late by `delayMs`, in its order. */
export async function startSlowLink(port: number): Promise<SlowLink> {
  const sockets = new Set<Socket>();
  const sent: Buffer[] = [];
  const server = createServer({ noDelay: true }, (client) => {
    const upstream = connect({ port, host: "127.0.0.1", noDelay: true });
    client.on("data", (bytes: Buffer) => {
      sent.push(bytes);
      upstream.write(bytes);
    });
    upstream.on("data", (bytes) => {
      if (link.delayMs === 0) client.write(bytes);
      else setTimeout(() => client.write(bytes), link.delayMs);
    });
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket);
      socket.on("error", () => other.destroy());
      socket.on("close", () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const link = {
    port: (server.address() as AddressInfo).port,
    delayMs: 0,
    sent,
    async close() {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, "close");
    },
  };
  return link;
}
