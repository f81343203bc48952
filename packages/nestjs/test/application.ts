import type { INestApplication, ModuleMetadata } from "@nestjs/common";
import { ExpressAdapter } from "@nestjs/platform-express";
import { FastifyAdapter, type NestFastifyApplication } from "@nestjs/platform-fastify";
import { Test, type TestingModuleBuilder } from "@nestjs/testing";
import { onTestFinished } from "vitest";

export type Platform = "express" | "fastify";
export const platforms: readonly Platform[] = ["express", "fastify"];

export interface RunningApplication {
  app: INestApplication;
  url: string;
}

interface StartOptions {
  change?: (builder: TestingModuleBuilder) => TestingModuleBuilder;
  configure?: (app: INestApplication) => void | Promise<void>;
  /** Break connections off as the application closes. */
  forceCloseConnections?: boolean;
}

/** Boots a module without a server; closes it with the test. */
export async function boot(metadata: ModuleMetadata, change: StartOptions["change"] = (builder) => builder) {
  const module = await change(Test.createTestingModule(metadata)).compile();
  await module.init();
  onTestFinished(() => module.close());
  return module;
}

/** Starts an application on a free port of this machine; closes it with the test. */
export async function start(
  platform: Platform,
  metadata: ModuleMetadata,
  { change = (builder) => builder, configure = () => {}, forceCloseConnections = true }: StartOptions = {},
): Promise<RunningApplication> {
  const module = await change(Test.createTestingModule(metadata)).compile();
  const app =
    platform === "express"
      ? module.createNestApplication(new ExpressAdapter(), { logger: false, forceCloseConnections })
      : module.createNestApplication<NestFastifyApplication>(
          new FastifyAdapter(forceCloseConnections ? { forceCloseConnections } : {}),
          {
            logger: false,
          },
        );
  await configure(app);
  await app.listen(0, "127.0.0.1");
  onTestFinished(() => app.close());
  return { app, url: (await app.getUrl()).replace("[::1]", "127.0.0.1") };
}
