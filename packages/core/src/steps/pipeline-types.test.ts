import { expect, expectTypeOf, test } from "vitest";
import { definePipeline, type Pipeline } from "./define-pipeline.js";
import { runPipeline } from "./run-pipeline.js";
import { step } from "./step.js";
import type { StepContext, StepEvent } from "./step-types.js";

interface Topic {
  topic: string;
}

test("a pipeline takes the input of its steps, and a step the input of its pipeline", () => {
  const annotated = definePipeline("p", [
    step("a", ({ input }: StepContext<Topic>) => input.topic),
    step("b", () => 1),
  ]);
  expect(annotated.steps.map(({ name }) => name)).toEqual(["a", "b"]);
  expectTypeOf(annotated).toEqualTypeOf<Pipeline<Topic>>();

  const named = definePipeline<Topic>("p", [
    step("a", ({ input }) => {
      expectTypeOf(input).toEqualTypeOf<Topic>();
      return 1;
    }),
    step("b", () => ({ slides: 3 }), {
      when: ({ input }) => input.topic !== "",
      messages: { completed: (result) => `${result.slides}` },
    }),
  ]);
  expectTypeOf(runPipeline<Topic>)
    .parameter(0)
    .toEqualTypeOf<typeof named>();
  expectTypeOf(runPipeline<Topic>)
    .parameter(1)
    .toEqualTypeOf<Topic | undefined>();
  expectTypeOf(runPipeline<Topic>).returns.toExtend<AsyncIterable<StepEvent>>();
});
