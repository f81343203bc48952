import type { Answerer } from "./answerer.js";
import { type RunningServer, type StudioInfo, startExpress } from "./express-server.js";
import { noticeOf, priceInWords } from "./model-notice.js";
import { startNest } from "./nest/nest-server.js";
import type { Studio } from "./studio.js";

/** Both servers of the page, side by side. */
export interface Served {
  readonly url: string;
  /** What the user is told at the start. */
  readonly notice: string;
  close(): Promise<void>;
}

/** Starts Express with the page on `port` and NestJS on the one after it, or on the next ones that are free. */
export async function serve(
  studio: Studio,
  { answers, llm }: Pick<Answerer, "answers" | "llm">,
  port: number,
): Promise<Served> {
  const model = noticeOf(llm);
  let nest: RunningServer | undefined;
  const info = (): StudioInfo => ({ answers, ...model, nestPort: nest?.port });
  const page = await startExpress(studio, port, info);
  nest = await startNest(studio, port === 0 ? 0 : page.port + 1);
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
    await Promise.all([page.close(), nest?.close()]);
  };
  return { url, notice, close };
}
