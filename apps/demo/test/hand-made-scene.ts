import type { Chart } from "../src/deck/slide.js";
import type { ChartBox, Scene, TextBox } from "../src/scene/scene.js";

/** A text as layouts set it. */
export function textBox(text: string, more: Partial<TextBox> = {}): TextBox {
  return {
    kind: "text",
    role: "body",
    x: 60,
    y: 200,
    width: 400,
    height: 120,
    text,
    face: "text",
    bold: false,
    size: 20,
    lineHeight: 1.35,
    colour: "#1d1a16",
    on: "#f7f3ea",
    align: "left",
    vertical: "top",
    ...more,
  };
}

export function titleBox(text: string, more: Partial<TextBox> = {}): TextBox {
  return textBox(text, { role: "title", face: "display", bold: true, size: 32, y: 60, height: 90, ...more });
}

export function chartBox(chart: Chart, more: Partial<ChartBox> = {}): ChartBox {
  return {
    kind: "chart",
    x: 60,
    y: 180,
    width: 500,
    height: 280,
    chart,
    label: "What it shows",
    size: 15,
    colours: { ink: "#1d1a16", muted: "#665e53", line: "#d9cfbd", on: "#fffdf8", series: ["#b52f17", "#1f4e5f"] },
    ...more,
  };
}

/** A scene of the template “paper”, its boxes made by hand. */
export function handMadeScene(boxes: Scene["boxes"], more: Partial<Scene> = {}): Scene {
  return {
    type: "bullets",
    template: "paper",
    background: "#f7f3ea",
    label: "1. By hand",
    boxes,
    notes: "Said aloud.",
    language: "en",
    ...more,
  };
}
