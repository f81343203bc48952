import { expect, test } from "vitest";
import { textBox } from "../../../test/hand-made-scene.js";
import { textWidth } from "../../scene/text-width.js";
import { lineEnds } from "./line-ends.js";

/** The width in ems of a text of 20 points in a column of so many. */
function ems(text: string, column: number): number {
  return lineEnds(textBox(text, { width: column * 20, size: 20 })).width / 20;
}

test("a text of one line and an item of a list keep their width", () => {
  expect(ems("One line", 20)).toBe(20);
  expect(lineEnds(textBox("A text of two lines, or three", { width: 200, marker: "bullet" }))).toEqual({ width: 200 });
});

test("two lines of Latin become equally long", () => {
  const width = ems("Open standards opens the door to maintenance", 24);
  expect(width).toBeLessThan(20);
  expect(width).toBeGreaterThan(13);
});

test("Chinese lines end between words where a width can do that", () => {
  // Eight columns, and those from seven on, would tear 更有说服力 apart.
  expect(ems("满意度比口号更有说服力", 8)).toBe(6.75);
  // Nine and nine would tear 趋势 apart, eleven and seven do not.
  expect(ems("人工智能技术发展趋势的协同与普及程度", 14)).toBeGreaterThanOrEqual(10);
});

test("what has room to the last hair keeps its lines", () => {
  const title = { role: "title", bold: true, size: 34, width: 284 } as const;
  expect(lineEnds(textBox("Suppliers who retire old tools on time see results", title))).toEqual({ width: 284 });
});

test("nothing takes more lines than before", () => {
  const text = "一家愿意长期投入的机构会发现真正困难的不是购买设备而是改变习惯";
  const lines = (column: number) => Math.ceil(text.length / Math.floor(column));
  for (let column = 6; column < 40; column += 1) {
    const narrow = ems(text, column);
    expect(narrow).toBeLessThanOrEqual(column);
    expect(lines(narrow)).toBe(lines(column));
  }
});

test("what tears words apart in every column is broken by hand, where there is room and few lines", () => {
  const text = "人工智能技术发展趋势的协同与普及程度";
  const box = { width: 10.6 * 40, size: 40, height: 120 };
  expect(lineEnds(textBox(text, box)).lines).toEqual(["人工智能技术发展", "趋势的协同与普及程度"]);
  expect(lineEnds(textBox(text, { ...box, height: 60 })).lines).toBeUndefined();
  expect(lineEnds(textBox(text.repeat(4), { ...box, height: 900 })).lines).toBeUndefined();
});

test("the room that programs leave between Chinese and Latin is no part of the text", () => {
  const text = "人工智能AI技术发展趋势的协同与GPT普及程度";
  const columns = Array.from({ length: 16 }, (_, index) => (8 + index / 2) * 20);
  const broken = columns.flatMap((width) => lineEnds(textBox(text, { width, size: 20 })).lines?.join("") ?? []);
  expect(new Set(broken)).toEqual(new Set([text]));
});

test("no column is narrower than the longest word", () => {
  const title = { role: "title", bold: true, size: 34 } as const;
  for (let width = 200; width < 420; width += 5) {
    const end = lineEnds(textBox("Comparison带动责任划分提升", { ...title, width, height: 300 }));
    const word = textWidth("Comparison", true) * 34;
    expect(end.width, `in ${width}`).toBeGreaterThanOrEqual(Math.min(width, word));
  }
});

test("no column that was chosen is a whole number of Chinese characters wide", () => {
  const text = "就早期试点而言，做好共享工具，人工智能技术发展趋势的成本才有保障，同时为人才培养留出余地。";
  for (let column = 8; column < 30; column += 0.5) {
    const chosen = ems(text, column);
    if (chosen !== column) expect(chosen % 1).toBeOneOf([0.25, 0.75]);
  }
  // Sixteen would tear 人工智能 apart in a program that lets the sixteenth character in.
  expect(ems(text, 16.5)).toBeLessThan(16);
});
