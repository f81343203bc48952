import { expect, test } from "vitest";
import { chartBox, handMadeScene, textBox, titleBox } from "../../../test/hand-made-scene.js";
import type { Box, Scene } from "../../scene/scene.js";
import { judgeScenes } from "./judge-scenes.js";

const CHART = chartBox({ kind: "bar", unit: "%", points: [{ label: "a", value: 1 }] });

function judged(box: Box, more: Partial<Scene> = {}): string[] {
  return judgeScenes([handMadeScene([titleBox("T"), CHART]), handMadeScene([titleBox("T"), box], more)]);
}

test("a scene that keeps to the rules is right, and drawings may run off the page", () => {
  expect(judged(textBox("One"))).toEqual([]);
  expect(judged({ kind: "path", x: 900, y: -20, width: 200, height: 90, segments: [], fill: "#b52f17" })).toEqual([]);
});

test.each<[string, Box]>([
  ["“One” is set in 13 points", textBox("One", { size: 13 })],
  ["“One” has a contrast of 3.4", textBox("One", { colour: "#888378" })],
  ["“” is empty", textBox("")],
  ["“One” leaves the page", textBox("One", { x: 600 })],
  ["a shape leaves the page", { kind: "shape", shape: "rectangle", x: 0, y: 500, width: 10, height: 41 }],
  ["a shape has no room at all", { kind: "shape", shape: "rectangle", x: 0, y: 0, width: 0, height: 41 }],
  ["“much too much” has no room in its frame", textBox("much too much", { width: 60, height: 40 })],
  ["a chart is set in 12 points", { ...CHART, size: 12 }],
  ["a chart has no points", { ...CHART, chart: { kind: "bar", unit: "%", points: [] } }],
  ["a chart has too little contrast", { ...CHART, colours: { ...CHART.colours, muted: "#d9cfbd" } }],
])("%s", (fault, box) => {
  expect(judged(box)).toEqual([`slide 2: ${fault}`]);
});

test("a text that has too little contrast with what is really behind it is found", () => {
  const card: Box = { kind: "shape", shape: "rectangle", x: 40, y: 180, width: 500, height: 200, fill: "#1f4e5f" };
  expect(judgeScenes([handMadeScene([titleBox("T"), card, textBox("One")])])).toEqual([
    "slide 1: “One” has a contrast of 1.9",
    "slide 1: “One” is said to stand on #f7f3ea, and stands on #1f4e5f",
  ]);
  expect(judgeScenes([handMadeScene([titleBox("T"), textBox("One"), card])])).toEqual([]);
});

test("61 words are too many, 160 Chinese characters are not", () => {
  const words = textBox("on ".repeat(60), { width: 800, height: 300 });
  expect(judged(words)).toEqual(["slide 2: 61 words, more than 60"]);
  const characters = textBox("字".repeat(159), { width: 800, height: 300 });
  expect(judged(characters, { language: "zh" })).toEqual([]);
  expect(judged(textBox("字".repeat(160), { width: 800, height: 300 }), { language: "zh" })).toEqual([
    "slide 2: 161 characters, more than 160",
  ]);
});
