import { OPERATIONS } from "./operations.ts";
import { wholeAnswers } from "./whole-answers.ts";

export const scenario = wholeAnswers("operations: answers without streaming, 64 at once", 64, {
  ...OPERATIONS,
  calls: 10_000,
});
