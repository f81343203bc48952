import { Controller, Logger, UseGuards } from "@nestjs/common";
import { APP_FILTER } from "@nestjs/core";
import { definePipeline, type StepContext, step } from "@signalbox/core";
import { scriptedProvider } from "@signalbox/core/testing";
import {
  LLMExceptionFilter,
  LLMModule,
  type LLMModuleSettings,
  StepsController,
  type StepsControllerOptions,
} from "../src/index.js";
import { type Platform, start } from "./application.js";
import { HeaderGuard, type UserRequest } from "./header-guard.js";

interface Topic {
  topic: string;
}

type Gate = (slide: number, context: StepContext<Topic>) => Promise<void>;

/** Two steps that ask the model, the last once per slide, where `gate` may hold it back. */
export const deckWith = (gate: Gate = async () => {}) =>
  definePipeline<Topic>("deck", [
    step("outline", async ({ llm, input }) => (await llm.generate({ prompt: `Outline ${input.topic}` })).text),
    step("slides", async (context) => {
      for (const slide of [1, 2]) {
        await gate(slide, context);
        const ask = () => context.llm.generate({ prompt: `Slide ${slide} ${context.input.topic}` });
        await context.item(`slide-${slide}`, async () => (await ask()).text);
        context.progress({ data: { slide }, fraction: slide / 2 });
      }
    }),
  ]);

export async function applicationOn(
  platform: Platform,
  gate?: Gate,
  options: StepsControllerOptions<Topic> = {},
  settings: LLMModuleSettings = { provider: scriptedProvider() },
) {
  @UseGuards(HeaderGuard)
  @Controller("api/decks")
  class DeckController extends StepsController(deckWith(gate), { onError: () => {}, ...options }) {}

  const scope = (request: UserRequest) => ({ user: request.user?.id });
  const { url } = await start(platform, {
    imports: [LLMModule.forRoot({ env: false, retry: false, scope: scope as never, ...settings })],
    controllers: [DeckController],
    providers: [{ provide: APP_FILTER, useClass: LLMExceptionFilter }],
  });
  Logger.overrideLogger(false);
  return { url, base: `${url}/api/decks` };
}

/** A gate that holds the second slide back until it is opened. */
export function heldSecondSlide() {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { gate: async (slide: number) => (slide === 2 ? promise : undefined), open: resolve };
}
