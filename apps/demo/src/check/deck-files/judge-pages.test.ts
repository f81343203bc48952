import { describe, expect, test } from "vitest";
import { chartBox, handMadeScene, textBox, titleBox } from "../../../test/hand-made-scene.js";
import { judgePages } from "./judge-pages.js";
import { type PdfPage, readPages } from "./pdf-words.js";

const TITLE = titleBox("A claim in Latin", { x: 60, y: 60, width: 400, height: 40, size: 30 });
const SCENE = handMadeScene([TITLE, textBox("两行中文的正文", { x: 60, y: 200, width: 120, height: 60, size: 20 })]);

/** Words of type 1.3 times as high as their size, as faces are. */
function page(words: [text: string, left: number, middle: number, width: number, size?: number][]): PdfPage {
  return {
    width: 960,
    height: 540,
    words: words.map(([text, left, middle, width, size = 20]) => ({
      text,
      left,
      right: left + width,
      top: middle - size * 0.65,
      bottom: middle + size * 0.65,
    })),
  };
}

const TITLE_WORDS: Parameters<typeof page>[0] = [
  ["A", 60, 80, 20, 30],
  ["claim", 90, 80, 80, 30],
  ["in", 180, 80, 30, 30],
  ["Latin", 220, 80, 80, 30],
];
const BODY_WORDS: Parameters<typeof page>[0] = [
  ["两行中文的", 60, 215, 100],
  ["正文", 60, 242, 40],
];

describe("texts", () => {
  test("whole and in their boxes are right, however they are broken and ordered", () => {
    expect(judgePages([page([...BODY_WORDS.toReversed(), ...TITLE_WORDS])], [SCENE])).toEqual([]);
  });

  test("markers, ligatures and the faces of one line are no differences", () => {
    const scene = handMadeScene([textBox("efficient 中文 two", { marker: "bullet", y: 200, height: 60 })]);
    const words = page([
      ["•", 60, 215, 8],
      ["e\ufb03cient", 82, 213, 70],
      ["中文", 160, 217, 40],
      ["•two", 60, 242, 40],
    ]);
    expect(judgePages([words], [scene])).toEqual([]);
  });

  test("a line that hangs out below its box is found", () => {
    const words = [...TITLE_WORDS, BODY_WORDS[0], ["正文", 60, 272, 40]] as typeof BODY_WORDS;
    expect(judgePages([page(words)], [SCENE])).toEqual([
      "slide 1: “两行中文的正文” is outside its box: in its box is “两行中文的”",
      "slide 1: “正文” stands outside every box",
    ]);
  });

  test("a line that is half out of its box is found", () => {
    const words = [...TITLE_WORDS, BODY_WORDS[0], ["正文", 60, 257, 40]] as typeof BODY_WORDS;
    expect(judgePages([page(words)], [SCENE])).toEqual(["slide 1: “正文” reaches out of its box"]);
  });

  test("a word that reaches out sideways is found", () => {
    const words = [...TITLE_WORDS, ["两行中文的", 60, 215, 130], BODY_WORDS[1]] as typeof BODY_WORDS;
    expect(judgePages([page(words)], [SCENE])).toEqual(["slide 1: “两行中文的” reaches out of its box"]);
  });

  test("a text that is cut, or not there at all, is found", () => {
    expect(judgePages([page([...TITLE_WORDS, ["两行中文", 60, 215, 80]])], [SCENE])).toEqual([
      "slide 1: “两行中文的正文” is cut or missing: in its box is “两行中文”",
    ]);
    expect(judgePages([page(TITLE_WORDS)], [SCENE])).toEqual([
      "slide 1: “两行中文的正文” is cut or missing: in its box is nothing",
    ]);
  });

  test("what is read from right to left is put in order, line by line", () => {
    const scene = handMadeScene([textBox("The cost of مستقبل الطاقة الشمسية today", { y: 200, height: 60 })]);
    const seen = page([
      ["The", 60, 215, 30],
      ["cost", 95, 215, 30],
      ["of", 130, 215, 20],
      ["لبقتسم", 155, 215, 60],
      ["ةيسمشلا", 60, 242, 60],
      ["ةقاطلا", 125, 242, 60],
      ["today", 190, 242, 40],
    ]);
    expect(judgePages([seen], [scene])).toEqual([]);
  });

  test("a text that stands in its box twice is found", () => {
    const words = [...TITLE_WORDS, ...BODY_WORDS, ["正文", 100, 242, 40]] as typeof BODY_WORDS;
    expect(judgePages([page(words)], [SCENE])).toHaveLength(1);
  });

  test("words that no box has, or that leave the page, are found", () => {
    const words = [...TITLE_WORDS, ...BODY_WORDS, ["Click", 600, 400, 60], ["here", 930, 400, 60]] as typeof BODY_WORDS;
    expect(judgePages([page(words)], [SCENE])).toEqual([
      "slide 1: “Click” stands outside every box",
      "slide 1: “here” reaches over the edge of the page",
    ]);
  });
});

describe("pages", () => {
  const whole = page([...TITLE_WORDS, ...BODY_WORDS]);

  test("a missing slide is found, and so is one too many", () => {
    expect(judgePages([whole], [SCENE, SCENE])).toEqual(["1 pages for 2 slides"]);
    expect(judgePages([whole, whole], [SCENE])).toEqual(["2 pages for 1 slides"]);
  });

  test("a page of another size is found", () => {
    expect(judgePages([{ ...whole, width: 612, height: 792 }], [SCENE])).toEqual([
      "slide 1: the page is 612 × 792 points, not 960 × 540",
    ]);
  });
});

describe("charts", () => {
  const chart = {
    kind: "bar",
    unit: "USD bn",
    points: [
      { label: "North", value: 12.5 },
      { label: "公共投入", value: 7 },
    ],
  } as const;
  const scene = handMadeScene([chartBox({ ...chart, points: [...chart.points] })]);
  const words: Parameters<typeof page>[0] = [
    ["USD", 480, 200, 30],
    ["bn", 515, 200, 20],
    ["North", 80, 300, 40],
    ["12.5", 300, 300, 40],
    ["公共", 80, 340, 40],
    ["投入", 80, 360, 40],
    ["7", 200, 350, 10],
  ];

  test("with all names, numbers and the unit are right", () => {
    expect(judgePages([page(words)], [scene])).toEqual([]);
  });

  test("numbers that are equal have to be there as often", () => {
    const equal = { ...chart, points: chart.points.map((point) => ({ ...point, value: 7 })) };
    const once = words.filter(([text]) => text !== "12.5");
    expect(judgePages([page(once)], [handMadeScene([chartBox(equal)])])).toEqual([
      "slide 1: the chart does not show 7 for “公共投入”",
    ]);
  });

  test("a wrong number, a number outside and a name that is cut are found", () => {
    const wrong = words.map(([text, ...rest]) => [text === "12.5" ? "13.5" : text, ...rest] as (typeof words)[number]);
    expect(judgePages([page(wrong)], [scene])).toEqual(["slide 1: the chart does not show 12.5 for “North”"]);
    const cut = words.map(([text, ...rest]) => [text === "投入" ? "…" : text, ...rest] as (typeof words)[number]);
    expect(judgePages([page(cut)], [scene])).toEqual(["slide 1: the chart does not show “公共投入” whole"]);
  });
});

test("pages are read from the listing of pdftotext", () => {
  const listing = `<doc>
  <page width="960.009449" height="540.000000">
    <word xMin="60.5" yMin="1" xMax="70" yMax="2">a &lt;b&gt; &amp; &#39;c&apos;</word>
  </page>
  <page width="960" height="540">
  </page>
</doc>`;
  expect(readPages(listing)).toEqual([
    { width: 960.009449, height: 540, words: [{ text: "a <b> & 'c'", left: 60.5, top: 1, right: 70, bottom: 2 }] },
    { width: 960, height: 540, words: [] },
  ]);
});
