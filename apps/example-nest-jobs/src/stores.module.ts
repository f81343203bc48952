import { type DynamicModule, Global, Module } from "@nestjs/common";
import type { RunStore } from "@signalbox/core";

export const RUN_STORE = Symbol("RunStore");

/** Gives every part the run store that all processes share. */
@Global()
@Module({})
// biome-ignore lint/complexity/noStaticOnlyClass: Nest takes classes for modules.
export class StoresModule {
  static with(runStore: RunStore): DynamicModule {
    return {
      module: StoresModule,
      providers: [{ provide: RUN_STORE, useValue: runStore }],
      exports: [RUN_STORE],
    };
  }
}
