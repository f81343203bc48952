import { definePipeline, step } from "@signalbox/core";
import { z } from "zod";

/** The queue of reports that a worker makes. */
export const JOBS = "reports";

const Outline = z.object({ title: z.string(), chapters: z.array(z.string()).length(4) });

export const ReportInput = z.object({ topic: z.string().min(1).max(200) });
type ReportInput = z.infer<typeof ReportInput>;

/** An outline, then its chapters. Whichever process goes on with it asks for nothing that is finished. */
export const report = definePipeline<ReportInput>("report", [
  step("outline", async ({ input, llm }) => {
    const { object } = await llm.generateStructured({ prompt: `A report on ${input.topic}`, schema: Outline });
    return object;
  }),
  step("chapters", async ({ results, llm, item, progress }) => {
    const { title, chapters } = Outline.parse(results.outline);
    const texts: string[] = [];
    for (const [at, chapter] of chapters.entries()) {
      const prompt = `The chapter "${chapter}" of the report "${title}", in two paragraphs.`;
      texts.push(await item(`chapter-${at}`, async () => (await llm.generate({ prompt, maxTokens: 600 })).text));
      progress({ message: chapter, fraction: (at + 1) / chapters.length });
    }
    return { title, texts };
  }),
]);
