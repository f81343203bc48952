import { wholeAnswers } from "./whole-answers.ts";

export const scenario = wholeAnswers("answers without streaming, 64 at once", 64);
