import { describe, expect, test } from "vitest";
import { chartBox, handMadeScene, textBox, titleBox } from "../../../test/hand-made-scene.js";
import type { Scene } from "../../scene/scene.js";
import { scenesPptx } from "./deck-pptx.js";
import { type Parts, partText, readParts } from "./read-parts.js";

const DECK = { title: "Tea & “toast”", topic: "Tea", template: "paper" } as const;

async function partsOf(...scenes: Scene[]): Promise<Parts> {
  return readParts(await scenesPptx(scenes, DECK));
}

async function slideOf(boxes: Scene["boxes"], more: Partial<Scene> = {}): Promise<string> {
  return partText(await partsOf(handMadeScene(boxes, more)), "ppt/slides/slide1.xml");
}

describe("texts", () => {
  test("a text box stands at its frame to the point, without insets, and wraps", async () => {
    const slide = await slideOf([textBox("One", { x: 61.5, y: 200, width: 400, height: 120.25 })]);
    expect(slide).toContain('<a:off x="781050" y="2540000"/><a:ext cx="5080000" cy="1527175"/>');
    expect(slide).toContain('<a:bodyPr wrap="square" lIns="0" tIns="0" rIns="0" bIns="0" rtlCol="0" anchor="t">');
    expect(slide).not.toContain("AutoFit");
  });

  test("type is set as the scene says: size, weight, line height in points, colour, alignment", async () => {
    const slide = await slideOf([
      textBox("One", { size: 17, lineHeight: 1.4, bold: true, align: "center", vertical: "middle" }),
    ]);
    expect(slide).toContain('anchor="ctr"');
    expect(slide.match(/algn="ctr"/g)).toHaveLength(1);
    expect(slide.match(/<a:lnSpc><a:spcPts val="2380"\/><\/a:lnSpc>/g)).toHaveLength(1);
    expect(slide.match(/ sz="1700" b="1"/g)).toHaveLength(1);
    expect(slide).toContain('<a:srgbClr val="1D1A16"/>');
  });

  test("bullets are real ones, of their own colour, as wide as the scene's markers", async () => {
    const slide = await slideOf([textBox("One", { marker: "bullet", markerColour: "#b52f17", size: 20 })]);
    expect(slide.match(/marL="279400" indent="-279400"/g)).toHaveLength(1);
    expect(
      slide.match(/<a:buClr><a:srgbClr val="B52F17"\/><\/a:buClr><a:buFont typeface="Arial"\/><a:buChar/g),
    ).toHaveLength(1);
  });

  test("faces are the theme's, Latin and East Asian by themselves; the language is told", async () => {
    const boxes = [titleBox("标题"), textBox("正文")];
    const parts = await partsOf(handMadeScene(boxes, { language: "zh" }));
    const slide = partText(parts, "ppt/slides/slide1.xml");
    expect(slide).toContain('<a:latin typeface="+mj-lt"/><a:ea typeface="+mj-ea"/>');
    expect(slide).toContain('<a:latin typeface="+mn-lt"/><a:ea typeface="+mn-ea"/>');
    expect(slide.match(/<a:rPr lang="zh-CN"/g)).toHaveLength(2);
    const theme = partText(parts, "ppt/theme/theme1.xml");
    expect(theme).toContain('<a:majorFont><a:latin typeface="Georgia"/><a:ea typeface="SimSun"/>');
    expect(theme).toContain('<a:minorFont><a:latin typeface="Arial"/><a:ea typeface="Microsoft YaHei"/>');
    expect(theme).toContain('<a:accent1><a:srgbClr val="B52F17"/></a:accent1>');
  });

  test("type that is not bold says so: its place in the layout may be another text's, and bold", async () => {
    const slide = await slideOf([titleBox("Bold"), textBox("Plain")]);
    expect(slide.match(/<a:rPr [^>]*b="1"/g)).toHaveLength(1);
    expect(slide.match(/<a:rPr [^>]*b="0"/g)).toHaveLength(1);
  });

  test("no mark hangs over the edge of its box", async () => {
    const parts = await partsOf(handMadeScene([textBox("一，二")]));
    for (const name of ["ppt/presentation.xml", "ppt/slideMasters/slideMaster1.xml"]) {
      expect(partText(parts, name)).toContain('hangingPunct="0"');
      expect(partText(parts, name)).not.toContain('hangingPunct="1"');
    }
  });

  test("whatever a model writes, the file stays XML", async () => {
    const slide = await slideOf([titleBox('<b> & "so"\u0007'), textBox("two\nlines \ud800end")], {
      notes: "a < b\n\u0001c",
    });
    expect(slide).toContain("<a:t>&lt;b&gt; &amp; &quot;so&quot;</a:t>");
    expect(slide).toContain("<a:t>two lines \ufffdend</a:t>");
  });
});

describe("outline and accessibility", () => {
  test("the title is the slide's title, other texts are its outline, labels and footers are neither", async () => {
    const slide = await slideOf([
      textBox("Point", { role: "body" }),
      titleBox("The claim"),
      textBox("7", { role: "footer" }),
      textBox("Sub", { role: "subtitle" }),
    ]);
    expect(slide.match(/<p:ph type="title"\/>.*?<\/p:sp>/s)?.[0]).toContain("The claim");
    expect(
      [...slide.matchAll(/<p:ph type="body" idx="(\d+)"\/>.*?<a:t>(.*?)<\/a:t>/gs)].map(([, i, t]) => [i, t]),
    ).toEqual([
      ["20", "Point"],
      ["21", "Sub"],
    ]);
    expect(slide.match(/txBox="1"/g)).toHaveLength(1);
  });

  test("each kind of slide has a layout with the same places, named in the deck's language", async () => {
    const parts = await partsOf(
      handMadeScene([titleBox("Cover")], { type: "intro" }),
      handMadeScene([titleBox("A"), textBox("1")]),
      handMadeScene([titleBox("B"), textBox("1"), textBox("2")]),
    );
    const layout = partText(parts, "ppt/slideLayouts/slideLayout3.xml");
    expect(layout).toContain('<p:cSld name="Points">');
    expect(layout.match(/<p:ph /g)).toHaveLength(3);
    expect(layout).toContain("Click to edit the title");
    expect(parts.has("ppt/slideLayouts/slideLayout4.xml")).toBe(false);
    for (const slide of [2, 3]) {
      expect(partText(parts, `ppt/slides/_rels/slide${slide}.xml.rels`)).toContain("slideLayout3.xml");
    }
  });

  test("a layout's text can be read on its bare page, also where the scene has it on a surface", async () => {
    const onAccent = { colour: "#ffffff", on: "#b52f17" };
    const parts = await partsOf(handMadeScene([titleBox("A", onAccent), textBox("B", { colour: "#b52f17" })]));
    const colours = [...partText(parts, "ppt/slideLayouts/slideLayout2.xml").matchAll(/<a:defRPr .*?val="(.*?)"/g)];
    expect(colours.map(([, colour]) => colour)).toEqual(["1D1A16", "B52F17"]);
    expect(partText(parts, "ppt/slides/slide1.xml")).toContain('<a:srgbClr val="FFFFFF"/>');
  });

  test("shapes and drawings are told to be decoration, charts have a text of their own", async () => {
    const slide = await slideOf([
      { kind: "shape", shape: "rectangle", x: 0, y: 0, width: 100, height: 50, fill: "#b52f17", radius: 10 },
      { kind: "shape", shape: "ellipse", x: 0, y: 0, width: 9, height: 9, line: { colour: "#1f4e5f", width: 2 } },
      titleBox("T"),
      chartBox({ kind: "bar", unit: "%", points: [{ label: "a", value: 1 }] }),
    ]);
    expect(slide.match(/<adec:decorative [^>]*val="1"\/>/g)).toHaveLength(2);
    expect(slide).toContain('<a:prstGeom prst="roundRect"><a:avLst><a:gd name="adj" fmla="val 20000"/>');
    expect(slide).toContain('<a:prstGeom prst="ellipse">');
    expect(slide).toContain('<a:ln w="25400"><a:solidFill><a:srgbClr val="1F4E5F"/>');
    expect(slide).toContain('descr="What it shows"');
  });

  test("the notes are in the notes, the deck's title and topic among the file's properties", async () => {
    const parts = await partsOf(handMadeScene([titleBox("T")], { notes: "Tell the <story>." }));
    expect(partText(parts, "ppt/notesSlides/notesSlide1.xml")).toContain("Tell the &lt;story&gt;.");
    const core = partText(parts, "docProps/core.xml");
    expect(core).toContain("<dc:title>Tea &amp; “toast”</dc:title>");
    expect(core).toContain("<dc:creator>Deck Studio</dc:creator>");
    expect(partText(parts, "docProps/app.xml")).toContain("<Company>Deck Studio</Company>");
  });
});

test("drawings are paths that can be edited, with round ends", async () => {
  const slide = await slideOf([
    titleBox("T"),
    {
      kind: "path",
      x: 10,
      y: 20,
      width: 24,
      height: 24,
      stroke: { colour: "#b52f17", width: 2 },
      segments: [
        { to: "move", x: 0, y: 12 },
        { to: "line", x: 24, y: 12 },
        { to: "cubic", x1: 1, y1: 2, x2: 3, y2: 4, x: 5, y: 6 },
        { to: "close" },
      ],
    },
  ]);
  const path = slide.match(/<a:path w="304800" h="304800">.*?<\/a:path>/s)?.[0].replace(/\s+/g, " ");
  expect(path).toContain(
    '<a:moveTo><a:pt x="0" y="152400" /></a:moveTo><a:lnTo><a:pt x="304800" y="152400" /></a:lnTo>',
  );
  expect(path).toContain(
    '<a:cubicBezTo> <a:pt x="12700" y="25400" /> <a:pt x="38100" y="50800" /> <a:pt x="63500" y="76200" />',
  );
  expect(path).toContain("<a:close />");
  expect(slide).toMatch(/<a:ln w="25400" cap="rnd">.*?<a:round\/><\/a:ln>/s);
});

describe("the file", () => {
  test("has no part that is named and not there, and none that is there and not named", async () => {
    const parts = await partsOf(
      handMadeScene([titleBox("T"), chartBox({ kind: "line", unit: "index", points: [{ label: "a", value: 1 }] })]),
      handMadeScene([titleBox("U")]),
    );
    const types = partText(parts, "[Content_Types].xml");
    const named = [...types.matchAll(/PartName="\/([^"]+)"/g)].map(([, name = ""]) => name);
    expect(named.filter((name) => !parts.has(name))).toEqual([]);
    const xml = [...parts.keys()].filter((name) => name.endsWith(".xml") && !name.startsWith("[Content"));
    expect(xml.filter((name) => !named.includes(name))).toEqual([]);
    const targets = [...parts.keys()]
      .filter((name) => name.endsWith(".rels"))
      .flatMap((name) => {
        const folder = new URL(name.replace("_rels/", ""), "part:///");
        return [...partText(parts, name).matchAll(/Target="([^"]*)"/g)].map(
          ([, to = ""]) => new URL(to, folder).pathname,
        );
      });
    expect(targets.filter((name) => !parts.has(name.replace(/^\/+/, "")))).toEqual([]);
    expect(types).not.toMatch(/Extension="(jpg|png|mp4|vml)"/);
  });

  test("keeps the slides' theme from the notes', and its lists in the schema's order", async () => {
    const parts = await partsOf(handMadeScene([titleBox("T")]));
    expect(partText(parts, "ppt/notesMasters/_rels/notesMaster1.xml.rels")).toContain("theme2.xml");
    expect(partText(parts, "ppt/presentation.xml")).toMatch(/<p:sldMasterIdLst>.*<p:notesMasterIdLst>.*<p:sldIdLst>/s);
    expect(partText(parts, "ppt/slides/slide1.xml")).not.toContain("<a:ln></a:ln>");
  });

  test("is the same to the byte for the same deck, whatever was written before", async () => {
    const scene = handMadeScene([
      titleBox("T"),
      chartBox({ kind: "bar", unit: "%", points: [{ label: "a", value: 1 }] }),
    ]);
    const first = await scenesPptx([scene], DECK);
    await scenesPptx([scene, scene], DECK);
    expect(Buffer.from(await scenesPptx([scene], DECK)).equals(first)).toBe(true);
  });

  test("has the background of a dark template everywhere, also behind new slides", async () => {
    const scene = handMadeScene([titleBox("T")], { template: "night", background: "#0d1526" });
    const parts = readParts(await scenesPptx([scene], { ...DECK, template: "night" }));
    for (const name of [
      "slides/slide1",
      "slideLayouts/slideLayout1",
      "slideLayouts/slideLayout2",
      "slideMasters/slideMaster1",
    ]) {
      expect(partText(parts, `ppt/${name}.xml`)).toMatch(
        /<p:bgPr><a:solidFill><a:srgbClr val="0D1526"\/><\/a:solidFill><a:effectLst\/>/,
      );
    }
    expect(partText(parts, "ppt/slideMasters/slideMaster1.xml")).toContain('bg1="dk1" tx1="lt1"');
  });
});
