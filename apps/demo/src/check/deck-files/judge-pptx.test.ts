import { expect, test } from "vitest";
import { chartBox, handMadeScene, textBox, titleBox } from "../../../test/hand-made-scene.js";
import { scenesPptx } from "../../export/pptx/deck-pptx.js";
import { type Parts, partText, readParts } from "../../export/pptx/read-parts.js";
import { writeParts } from "../../export/pptx/write-parts.js";
import { judgePptx } from "./judge-pptx.js";

const DECK = { title: "T", topic: "T", template: "paper" } as const;
const CHART = chartBox({
  kind: "line",
  unit: "%",
  points: [
    { label: "a & b", value: 12.5 },
    { label: "c", value: 7 },
  ],
});
const SCENES = [
  handMadeScene([titleBox("A <claim>"), textBox("One", { marker: "bullet" }), textBox("Two", { marker: "bullet" })]),
  handMadeScene([titleBox("B"), CHART], { notes: "“Said” & done" }),
];
const SLIDE = "ppt/slides/slide1.xml";

async function judgedAfter(change: (parts: Parts) => void): Promise<string[]> {
  const parts = readParts(await scenesPptx(SCENES, DECK));
  change(parts);
  return judgePptx(writeParts(parts), SCENES);
}

function edit(name: string, from: string | RegExp, to: string): (parts: Parts) => void {
  return (parts) => {
    const before = partText(parts, name);
    const after = before.replace(from, to);
    expect(after).not.toBe(before);
    parts.set(name, new TextEncoder().encode(after));
  };
}

test("what the writer makes is right", async () => {
  expect(judgePptx(await scenesPptx(SCENES, DECK), SCENES)).toEqual([]);
});

test("a missing slide is found", async () => {
  expect(judgePptx(await scenesPptx(SCENES.slice(0, 1), DECK), SCENES)).toEqual(["1 slides in the .pptx, not 2"]);
});

test("another scene than the slide's is found, in its title, its texts, its notes and its numbers", async () => {
  const [first, second] = SCENES;
  const other = [
    handMadeScene([titleBox("Another"), textBox("Three")]),
    {
      ...second,
      boxes: [
        titleBox("B"),
        {
          ...CHART,
          chart: {
            ...CHART.chart,
            points: [
              { label: "a & b", value: 12 },
              { label: "d", value: 7 },
            ],
          },
        },
      ],
      notes: "x",
    },
  ] as typeof SCENES;
  expect(judgePptx(await scenesPptx(SCENES, DECK), other)).toEqual([
    "slide 1: its title is “A <claim>”, not “Another”",
    "slide 1: “Another” is not in the .pptx",
    "slide 1: “Three” is not in the .pptx",
    "slide 2: its notes are not in the .pptx",
    "slide 2: the chart of the .pptx holds 12.5,7, not 12,7",
    "slide 2: the chart of the .pptx names a & b,c",
    "slide 2: the chart's workbook holds 12.5,7, not 12,7",
  ]);
  expect(judgePptx(await scenesPptx(SCENES, DECK), [first, first] as typeof SCENES)).toContain(
    "slide 2: 1 charts in the .pptx, not 0",
  );
});

test.each<[string, (parts: Parts) => void]>([
  ["Text 2 is empty", edit(SLIDE, /<a:t>(One|Two)<\/a:t>/g, "<a:t></a:t>")],
  ["type of 12 points in the .pptx", edit(SLIDE, 'sz="2000"', 'sz="1200"')],
  ["its title is “”, not “A <claim>”", edit(SLIDE, '<p:ph type="title"/>', "")],
])("%s", async (fault, change) => {
  expect(await judgedAfter(change)).toContain(`slide 1: ${fault}`);
});

test("a chart's cached number, its workbook's and its type are looked at each", async () => {
  const chart = "ppt/charts/chart1.xml";
  expect(await judgedAfter(edit(chart, "<c:v>12.5</c:v>", "<c:v>99</c:v>"))).toEqual([
    "slide 2: the chart of the .pptx holds 99,7, not 12.5,7",
  ]);
  expect(await judgedAfter(edit(chart, 'sz="1500"', 'sz="900"'))).toEqual([
    "slide 2: type of 9 points in a chart of the .pptx",
  ]);
  const changeWorkbook = (parts: Parts) => {
    const name = "ppt/embeddings/Microsoft_Excel_Worksheet1.xlsx";
    const workbook = readParts(parts.get(name) ?? new Uint8Array());
    edit("xl/worksheets/sheet1.xml", "<v>12.5</v>", "<v>13</v>")(workbook);
    parts.set(name, writeParts(workbook));
  };
  expect(await judgedAfter(changeWorkbook)).toEqual(["slide 2: the chart's workbook holds 13,7, not 12.5,7"]);
});
