import "reflect-metadata";
import type { Server } from "node:http";
import { NestFactory } from "@nestjs/core";
import { refuseCrossSite } from "../cross-site-guard.js";
import type { RunningServer } from "../express-server.js";
import { listen } from "../listen.js";
import type { Studio } from "../studio.js";
import { DeckModule } from "./deck.module.js";

/** Pages of this machine, on whatever port Express found free. */
const LOCAL_PAGES = /^http:\/\/(?:localhost|127\.0\.0\.1):\d+$/;

/** Starts the NestJS application on this machine, on `port` or the next one that is free. */
export async function startNest(studio: Studio, port: number): Promise<RunningServer> {
  const app = await NestFactory.create(DeckModule.of(studio), {
    logger: ["error", "warn"],
    forceCloseConnections: true,
  });
  app.use(refuseCrossSite);
  app.enableCors({ origin: LOCAL_PAGES });
  await app.init();
  const server: Server = app.getHttpServer();
  return { port: await listen(server, port), close: () => app.close() };
}
