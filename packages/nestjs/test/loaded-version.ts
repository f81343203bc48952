import { Reflector } from "@nestjs/core";
import { ExpressAdapter } from "@nestjs/platform-express";
import { FastifyAdapter } from "@nestjs/platform-fastify";
import type { Platform } from "./application.js";

/** The version of the package of `@nestjs` whose file shows in the stack of what a method does to a useless `this`. */
export function loadedVersion(name: string, method: unknown): string | undefined {
  return new RegExp(`@nestjs[+/]${name}@(\\d+\\.\\d+\\.\\d+)`).exec(stackOf(method))?.[1];
}

/** What really runs, for the names of tests: `NestJS 12.5.1, platform-express 12.5.1`. */
export function loadedNest(platform: Platform): string {
  const method = platform === "express" ? ExpressAdapter.prototype.close : FastifyAdapter.prototype.getHttpServer;
  const core = loadedVersion("core", Reflector.prototype.getAllAndOverride);
  return `NestJS ${core}, platform-${platform} ${loadedVersion(`platform-${platform}`, method)}`;
}

function stackOf(method: unknown): string {
  try {
    Reflect.apply(method as () => unknown, undefined, [{}, {}]);
    return "";
  } catch (error) {
    return (error as Error).stack ?? "";
  }
}
