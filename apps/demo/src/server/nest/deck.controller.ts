import { Controller, Delete, Param, Req, Res, type Type } from "@nestjs/common";
import { StepsController } from "@signalbox/nestjs";
import { deckInput } from "../../deck/deck-input.js";
import type { Studio } from "../../studio.js";
import { tellFault } from "../tell-fault.js";

type StepsRoutes = InstanceType<ReturnType<typeof StepsController>>;

/** The steps of a deck over `@signalbox/nestjs`. */
export function deckController({ pipeline, store, live }: Studio): Type<StepsRoutes> {
  @Controller("nest/steps")
  class DeckController extends StepsController(pipeline, { store, input: deckInput, onError: tellFault }) {
    /** The controller stops what it runs itself; what another transport of this process runs is stopped by the studio. */
    @Delete(":runId")
    override async stop(
      @Req() request: Parameters<StepsRoutes["stop"]>[0],
      @Param("runId") runId: string,
      @Res({ passthrough: true }) response: Parameters<StepsRoutes["stop"]>[2],
    ) {
      try {
        return await super.stop(request, runId, response);
      } catch (error) {
        if (!(await live.stop(runId, "by-user"))) throw error;
        response.status(204);
        return undefined;
      }
    }
  }
  return DeckController;
}
