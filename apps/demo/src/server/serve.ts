import type { Answerer } from "../answerer.js";
import { noticeOf, priceInWords } from "../model-notice.js";
import type { Studio } from "../studio.js";
import type { StudioInfo } from "./api/info.js";
import { type RunningServer, startExpress } from "./express-server.js";
import { FaultPanel } from "./faults.js";
import { startNest } from "./nest/nest-server.js";

/** Both servers of the page, side by side. */
export interface Served {
  readonly url: string;
  readonly nestPort: number;
  /** What the user is told at the start. */
  readonly notice: string;
  close(): Promise<void>;
}

/** Starts Express with the page on `port` and NestJS on the one after it, or on the next ones that are free. */
export async function serve(
  studio: Studio,
  { answers, llm, simulator }: Pick<Answerer, "answers" | "llm"> & Partial<Pick<Answerer, "simulator">>,
  port: number,
  /** Where the built page lies. */
  folder?: string,
): Promise<Served> {
  const model = noticeOf(llm);
  const faults = simulator && new FaultPanel(simulator);
  let nest: RunningServer | undefined;
  const info = (): StudioInfo => ({
    answers,
    model: model.model,
    searchFee: model.searchFee,
    nestPort: nest?.port,
    faults: faults?.infos ?? [],
  });
  const page = await startExpress(studio, port, { info, faults, folder });
  try {
    nest = await startNest(studio, port === 0 ? 0 : page.port + 1, page.port);
  } catch (error) {
    await page.close();
    throw error;
  }
  const url = `http://localhost:${page.port}`;
  const money =
    answers === "simulator"
      ? "the simulator on this machine: no OPENROUTER_API_KEY is set. Texts are put together from your topic, nothing is billed"
      : `OpenRouter. A deck of 8 slides costs about ${priceInWords(model, 8, true)}, estimated from list prices`;
  const notice = [
    "",
    "  Deck Studio",
    "",
    `  page      ${url}`,
    `  servers   Express on ${page.port}, NestJS on ${nest.port}`,
    `  answers   ${money}`,
    `  model     ${model.notation}`,
    `  files     ${studio.folders.root}`,
    "",
    "  Ctrl+C ends it.",
    "",
    "",
  ].join("\n");
  const close = async () => {
    // Whoever follows a run is told how it ends before the connections do.
    await studio.live.stopAll("studio-ended");
    await Promise.all([page.close(), nest?.close()]);
  };
  return { url, nestPort: nest.port, notice, close };
}
