import compression from "compression";
import type { RequestHandler } from "express";

/** The `compression` middleware; its types name the other major's handler. */
export function compress(options?: compression.CompressionOptions): RequestHandler {
  return compression(options) as unknown as RequestHandler;
}
