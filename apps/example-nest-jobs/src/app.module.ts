import { BullModule } from "@nestjs/bullmq";
import { type DynamicModule, Module, StandardSchemaValidationPipe } from "@nestjs/common";
import { APP_FILTER, APP_PIPE } from "@nestjs/core";
import type { LLMClient, RunStore } from "@signalbox/core";
import { LLMExceptionFilter, LLMModule } from "@signalbox/nestjs";
import { ReportWorker } from "./report.worker.js";
import { REPORTS, ReportsController } from "./reports.controller.js";
import { StoresModule } from "./stores.module.js";

/** What all processes share. */
export interface Shared {
  redisURL: string;
  runStore: RunStore;
}

const queue = ({ redisURL, runStore }: Shared) => [
  StoresModule.with(runStore),
  BullModule.forRoot({ connection: { url: redisURL, maxRetriesPerRequest: null } }),
  BullModule.registerQueue({ name: REPORTS }),
];

/** A web process: adds jobs and tells of runs. It asks no model and needs no key. */
@Module({})
// biome-ignore lint/complexity/noStaticOnlyClass: Nest takes classes for modules.
export class WebModule {
  static with(shared: Shared): DynamicModule {
    return {
      module: WebModule,
      imports: queue(shared),
      controllers: [ReportsController],
      providers: [
        { provide: APP_PIPE, useClass: StandardSchemaValidationPipe },
        { provide: APP_FILTER, useClass: LLMExceptionFilter },
      ],
    };
  }
}

/** A worker process: it alone asks the model. */
@Module({})
// biome-ignore lint/complexity/noStaticOnlyClass: Nest takes classes for modules.
export class WorkerModule {
  static with(shared: Shared, client: LLMClient): DynamicModule {
    return {
      module: WorkerModule,
      imports: [...queue(shared), LLMModule.forRoot({ client })],
      providers: [ReportWorker],
    };
  }
}
