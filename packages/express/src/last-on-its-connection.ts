import type { Response } from "express";

/** Has the caller open another connection for its next request: this one's server goes. */
export function lastOnItsConnection(res: Response): void {
  // HTTP/2 has no such header.
  if (!res.headersSent && res.req.httpVersionMajor < 2) res.setHeader("Connection", "close");
}
