import { wholeAnswers } from "./whole-answers.ts";

export const scenario = wholeAnswers("answers without streaming, one after the other", 1);
