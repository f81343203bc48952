import { Body, Controller, Inject, Param, Post } from "@nestjs/common";
import { ChatStream, InjectLLM, type LLMService } from "@signalbox/nestjs";
import { readDeckInput } from "../deck/read-deck-input.js";
import type { Studio } from "../studio.js";

export const DECK_STUDIO = Symbol("DeckStudio");

/** The steps of a deck over `@signalbox/nestjs`. */
@Controller("nest/steps")
export class DeckController {
  readonly #llm: LLMService;
  readonly #studio: Studio;

  constructor(@InjectLLM() llm: LLMService, @Inject(DECK_STUDIO) studio: Studio) {
    this.#llm = llm;
    this.#studio = studio;
  }

  @Post()
  @ChatStream()
  start(@Body() body: unknown) {
    const { pipeline, store } = this.#studio;
    return this.#llm.steps$(pipeline, readDeckInput(body), { store });
  }

  @Post(":runId/resume")
  @ChatStream()
  resume(@Param("runId") runId: string) {
    const { pipeline, store } = this.#studio;
    return this.#llm.steps$(pipeline, undefined, { store, resumeFrom: runId });
  }
}
