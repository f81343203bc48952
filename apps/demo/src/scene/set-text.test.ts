import { expect, test } from "vitest";
import { type Setting, setText } from "./set-text.js";

const TITLE: Setting = {
  role: "title",
  face: "display",
  bold: true,
  sizes: [30, 28, 26],
  lines: 1,
  colour: "#1d1a16",
  on: "#f7f3ea",
  align: "left",
  vertical: "top",
};

test("a line never fills its column to the hair: a program that rounds the other way would wrap it", () => {
  const text = "从能耗与专家建议看乡村振兴与数字普惠金融";
  const sizes = [560, 565].map((width) => setText(text, { x: 0, y: 0, width, height: 90 }, TITLE)[0]?.size);
  expect(text).toHaveLength(560 / 28);
  expect(sizes).toEqual([26, 28]);
});

test("texts lose line breaks and what no program shows, and those that say nothing have no box", () => {
  const frame = { x: 0, y: 0, width: 560, height: 90 };
  expect(setText("two\n lines\u0007", frame, TITLE)[0]?.text).toBe("two lines");
  for (const nothing of ["\u0001 ", undefined]) expect(setText(nothing, frame, TITLE)).toEqual([]);
});
