import { definePipeline, step } from "@signalbox/core";

interface Topic {
  topic: string;
}

/** An outline and four slides, each one paid call. */
export const deck = definePipeline<Topic>("deck", [
  step("outline", async ({ input, llm }) => (await llm.generate({ prompt: `Outline of ${input.topic}` })).text),
  step("slides", async ({ input, llm, item, progress }) => {
    const slides: string[] = [];
    for (const number of [1, 2, 3, 4]) {
      const ask = async () => (await llm.generate({ prompt: `Slide ${number} of ${input.topic}` })).text;
      slides.push(await item(`${number}`, ask));
      progress({ data: { number }, fraction: number / 4 });
    }
    return slides;
  }),
]);
