import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { llmErrorHandler, stepsRouter } from "@signalbox/express";
import express, { type Express } from "express";
import { refuseCrossSite } from "./cross-site-guard.js";
import { DEFAULT_TOPIC, deckInput } from "./deck/deck-input.js";
import { listen, stopListening } from "./listen.js";
import type { ModelNotice } from "./model-notice.js";
import { DECK_CSS, templateCss } from "./render/deck-css.js";
import { renderSlide } from "./render/slide-html.js";
import { TEMPLATE_IDS, TEMPLATES, type TemplateId } from "./render/templates.js";
import type { Studio } from "./studio.js";

/** What the page asks for first. */
export interface StudioInfo extends ModelNotice {
  answers: "openrouter" | "simulator";
  /** The port of the NestJS server; the same host. */
  nestPort: number | undefined;
}

export interface RunningServer {
  readonly port: number;
  close(): Promise<void>;
}

const PAGE = fileURLToPath(new URL("../page/", import.meta.url));
/** The page talks to this machine alone; its frames hold decks, which bring their own styles. */
const PAGE_POLICY = [
  "default-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self' http://localhost:* http://127.0.0.1:*",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");
const DECK_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/** The page, the decks that are finished, and the steps over `@signalbox/express`. */
export function createExpressApp(studio: Studio, info?: () => StudioInfo): Express {
  const app = express();
  app.disable("x-powered-by");
  app.use(refuseCrossSite);
  app.use(
    "/express/steps",
    stepsRouter(studio.pipeline, { client: studio.llm, store: studio.store, input: deckInput }),
  );
  if (info !== undefined) addPage(app, info);
  app.get("/decks/:runId/:file", (req, res, next) => {
    let path: string;
    try {
      path = studio.folders.path(req.params.runId, req.params.file);
    } catch {
      return next();
    }
    if (req.query.download !== undefined) res.attachment(req.params.file);
    res.setHeader("Content-Security-Policy", DECK_POLICY);
    res.sendFile(path, { dotfiles: "allow" }, (error) => error && next());
  });
  app.use(llmErrorHandler());
  return app;
}

function addPage(app: Express, info: () => StudioInfo): void {
  app.get("/api/info", (_req, res) => {
    const templates = TEMPLATE_IDS.map((id) => {
      const { name, mode, colours } = TEMPLATES[id];
      return { id, name, mode, colours };
    });
    res.json({ ...info(), defaultTopic: DEFAULT_TOPIC, templates });
  });
  app.get("/api/templates/:id.css", (req, res, next) => {
    const id = req.params.id as TemplateId;
    if (!TEMPLATE_IDS.includes(id)) return next();
    res.type("css").send(`${templateCss(id)}\n${DECK_CSS}`);
  });
  app.get("/api/cover", (req, res) => {
    const input = deckInput.safeParse({ topic: req.query.topic, language: req.query.language });
    const { topic, language } = input.success ? input.data : { topic: DEFAULT_TOPIC, language: "zh" as const };
    const subtitle =
      language === "zh"
        ? "一个主题，一份演示文稿，一步一步在你眼前完成"
        : "One topic, one deck, step by step in front of your eyes";
    const place = { index: 0, total: 1, topic: "Deck Studio", deckTitle: topic, language };
    res.send(renderSlide({ type: "intro", title: topic, subtitle, speakerNotes: "" }, place));
  });
  app.use(express.static(PAGE, { setHeaders: (res) => res.setHeader("Content-Security-Policy", PAGE_POLICY) }));
}

/** Starts it on this machine, on `port` or the next one that is free. */
export async function startExpress(studio: Studio, port: number, info?: () => StudioInfo): Promise<RunningServer> {
  const server = createServer(createExpressApp(studio, info));
  return { port: await listen(server, port), close: () => stopListening(server) };
}
