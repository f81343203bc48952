import type { IncomingMessage, ServerResponse } from "node:http";

/** Refuses what other sites send with the user's browser: a run costs the user's money. */
export function refuseCrossSite(req: IncomingMessage, res: ServerResponse, next: () => void): void {
  if (req.headers["sec-fetch-site"] !== "cross-site" || req.method === "GET") {
    next();
    return;
  }
  res
    .writeHead(403, { "Content-Type": "text/plain; charset=utf-8" })
    .end("Deck Studio takes no requests from other sites.\n");
}
