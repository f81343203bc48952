import type { Chart } from "../deck/slide.js";
import { escapeHtml } from "./escape-html.js";

type Point = Chart["points"][number];

/** Units of the drawing; the slide scales it. */
const WIDTH = 600;
const HEIGHT = 330;

/** Draws a chart's own numbers; every one of them can be read as text. */
export function renderChart({ kind, unit, points }: Chart): string {
  const label = points.map(({ label, value }) => `${label} ${withUnit(value, unit)}`).join(", ");
  const drawing = { bar: bars, line: curve, donut: ring }[kind](points, unit);
  const caption =
    unit === "%" ? "" : `<text class="chart__unit" x="${WIDTH}" y="16" text-anchor="end">${escapeHtml(unit)}</text>`;
  return `<svg class="chart chart--${kind}" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escapeHtml(label)}">${caption}${drawing}</svg>`;
}

function bars(points: readonly Point[], unit: string): string {
  const highest = Math.max(...points.map(({ value }) => value), Number.MIN_VALUE);
  const row = (HEIGHT - 20) / points.length;
  const room = WIDTH - 110;
  return points
    .map(({ label, value }, index) => {
      const top = 20 + row * index + row / 2;
      const width = Math.max(3, (value / highest) * room);
      const shade = value === highest ? "chart__lead" : "chart__rest";
      return [
        `<text class="chart__label" x="0" y="${round(top - 6)}">${escapeHtml(label)}</text>`,
        `<rect class="${shade}" x="0" y="${round(top + 3)}" width="${round(width)}" height="${round(Math.min(20, row / 3))}" rx="2"/>`,
        `<text class="chart__value" x="${round(width + 10)}" y="${round(top + 19)}">${escapeHtml(shown(value, unit))}</text>`,
      ].join("");
    })
    .join("");
}

function curve(points: readonly Point[], unit: string): string {
  const highest = Math.max(...points.map(({ value }) => value), Number.MIN_VALUE);
  const [left, right, top, bottom] = [54, WIDTH - 54, 58, HEIGHT - 58];
  const place = ({ value }: Point, index: number) => ({
    x: round(left + (points.length === 1 ? 0 : ((right - left) * index) / (points.length - 1))),
    y: round(bottom - (value / highest) * (bottom - top)),
  });
  const places = points.map(place);
  const path = places.map(({ x, y }, index) => `${index === 0 ? "M" : "L"}${x} ${y}`).join("");
  const marks = points.map(({ label, value }, index) => {
    const { x, y } = place({ label, value }, index);
    return [
      `<circle class="chart__dot" cx="${x}" cy="${y}" r="6"/>`,
      `<text class="chart__value chart__middle" x="${x}" y="${round(y - 16)}">${escapeHtml(shown(value, unit))}</text>`,
      labelBelow(label, x, bottom + 28),
    ].join("");
  });
  return [
    `<path class="chart__area" d="${path}L${places.at(-1)?.x ?? left} ${bottom}L${left} ${bottom}Z"/>`,
    `<path class="chart__axis" d="M${left - 30} ${bottom}H${right + 30}"/>`,
    `<path class="chart__curve" d="${path}"/>`,
    ...marks,
  ].join("");
}

function ring(points: readonly Point[], unit: string): string {
  const sum = points.reduce((total, { value }) => total + value, 0);
  const circumference = 2 * Math.PI * 105;
  let before = 0;
  const parts = points.map(({ value }, index) => {
    const length = sum === 0 ? circumference / points.length : (value / sum) * circumference;
    const part = `<circle class="chart__part chart__part--${index}" cx="150" cy="165" r="105" stroke-dasharray="${round(Math.max(0, length - 3))} ${round(circumference)}" stroke-dashoffset="${round(-before)}" transform="rotate(-90 150 165)"/>`;
    before += length;
    return part;
  });
  const step = Math.min(56, 300 / points.length);
  const top = 165 - (step * (points.length - 1)) / 2;
  const legend = points.map(({ label, value }, index) => {
    const y = top + step * index;
    return [
      `<circle class="chart__key chart__part--${index}" cx="330" cy="${round(y)}" r="8"/>`,
      `<text class="chart__label" x="352" y="${round(y - 4)}">${escapeHtml(label)}</text>`,
      `<text class="chart__value" x="352" y="${round(y + 20)}">${escapeHtml(shown(value, unit))}</text>`,
    ].join("");
  });
  return [...parts, ...legend].join("");
}

/** Long names of several words stand in two lines. */
function labelBelow(text: string, x: number, y: number): string {
  const words = text.split(" ");
  const half = Math.ceil(words.length / 2);
  const lines = text.length > 11 && words.length > 1 ? [words.slice(0, half), words.slice(half)] : [words];
  const spans = lines.map(
    (line, index) => `<tspan x="${x}" dy="${index === 0 ? 0 : 19}">${escapeHtml(line.join(" "))}</tspan>`,
  );
  return `<text class="chart__label chart__middle" x="${x}" y="${y}">${spans.join("")}</text>`;
}

function withUnit(value: number, unit: string): string {
  return unit === "%" ? `${value}%` : `${value} ${unit}`;
}

/** Beside a mark: other units than percent stand once, in the caption. */
function shown(value: number, unit: string): string {
  return unit === "%" ? `${value}%` : String(value);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
