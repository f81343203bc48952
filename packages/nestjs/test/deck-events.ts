import type { StepEvent } from "@signalbox/core";
import { serverSentEvents } from "./http.js";

export const WHOLE = [
  "outline started",
  "outline completed",
  "slides started",
  "slides processing",
  "slides processing",
  "slides completed",
];

export const events = (text: string): StepEvent[] =>
  serverSentEvents(text).flatMap(({ data }) => (data === undefined || data === "[DONE]" ? [] : [JSON.parse(data)]));
export const words = (list: readonly StepEvent[]) => list.map(({ step: name, status }) => `${name} ${status}`);
export const follow = async (run: string, headers: Record<string, string> = {}) =>
  events(await (await fetch(run, { headers })).text());
