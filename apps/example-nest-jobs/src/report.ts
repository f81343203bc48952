import { definePipeline, step } from "@signalbox/core";

export interface ReportInput {
  topic: string;
}

const PARTS = ["Where it comes from", "How it is used", "What is argued about", "What comes next"];

/** A report of four parts. What is finished is kept: another worker never asks for it again. */
export const report = definePipeline<ReportInput>("report", [
  step("title", async ({ input, llm }) => {
    const { text } = await llm.generate({ prompt: `One title for a report on ${input.topic}.`, maxTokens: 40 });
    return text;
  }),
  step("parts", async ({ input, llm, item, progress }) => {
    const parts: string[] = [];
    for (const [at, heading] of PARTS.entries()) {
      const write = async () =>
        (await llm.generate({ prompt: `Two sentences on ${input.topic}: ${heading}.`, maxTokens: 200 })).text;
      parts.push(await item(heading, write));
      progress({ data: { heading, text: parts[at] }, message: heading, fraction: (at + 1) / PARTS.length });
    }
    return parts;
  }),
]);
