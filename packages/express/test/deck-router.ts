import { definePipeline, LLMClient, memoryRunStore, type StepContext, type StepEvent, step } from "@signalbox/core";
import { scriptedProvider } from "@signalbox/core/testing";
import { llmErrorHandler, type StepsRouterOptions, stepsRouter } from "../src/index.js";
import { serve } from "./serve.js";
import { readEvents } from "./server-events.js";

export interface Topic {
  topic: string;
}

/** Three steps that ask the model, the last once per slide; `gate` holds the last one back. */
export function deck(gate: (slide: number, context: StepContext<Topic>) => Promise<void> = async () => {}) {
  return definePipeline<Topic>("deck", [
    step("outline", async ({ llm, input }) => (await llm.generate({ prompt: `Outline ${input.topic}` })).text),
    step("content", async ({ llm, input }) => (await llm.generate({ prompt: `Content ${input.topic}` })).text),
    step("slides", async (context) => {
      const slides: string[] = [];
      for (const slide of [1, 2]) {
        await gate(slide, context);
        const made = await context.item(`slide-${slide}`, async () => {
          return (await context.llm.generate({ prompt: `Slide ${slide} ${context.input.topic}` })).text;
        });
        slides.push(made);
        context.progress({ data: { slide }, fraction: slide / 2 });
      }
      return slides;
    }),
  ]);
}

export function events(text: string): StepEvent[] {
  return readEvents(text)
    .filter(({ data }) => data !== "[DONE]")
    .map(({ data }) => JSON.parse(data) as StepEvent);
}

export const words = (list: readonly StepEvent[]) => list.map(({ step: name, status }) => `${name} ${status}`);
export const WHOLE = [
  "outline started",
  "outline completed",
  "content started",
  "content completed",
  "slides started",
  "slides processing",
  "slides processing",
  "slides completed",
];

export async function running(pipeline = deck(), options: StepsRouterOptions<Topic> = {}) {
  const provider = scriptedProvider();
  const client = new LLMClient({ provider, env: false, retry: false });
  const store = options.store ?? memoryRunStore();
  const { origin } = await serve((app) => {
    app.use("/api/steps", stepsRouter(pipeline, { client, store, ...options })).use(llmErrorHandler());
  });
  return { provider, client, store, base: `${origin}/api/steps`, origin };
}
