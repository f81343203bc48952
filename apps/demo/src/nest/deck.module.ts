import { type DynamicModule, Module } from "@nestjs/common";
import { APP_FILTER } from "@nestjs/core";
import { LLMExceptionFilter, LLMModule } from "@signalbox/nestjs";
import type { Studio } from "../studio.js";
import { DECK_STUDIO, DeckController } from "./deck.controller.js";

@Module({})
// biome-ignore lint/complexity/noStaticOnlyClass: Nest takes classes for modules.
export class DeckModule {
  static of(studio: Studio): DynamicModule {
    return {
      module: DeckModule,
      imports: [LLMModule.forRoot({ client: studio.llm })],
      controllers: [DeckController],
      providers: [
        { provide: DECK_STUDIO, useValue: studio },
        { provide: APP_FILTER, useClass: LLMExceptionFilter },
      ],
    };
  }
}
