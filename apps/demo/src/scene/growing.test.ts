import { describe, expect, test } from "vitest";
import { slidesAtLimits } from "../../test/slides-at-limits.js";
import type { GrowingSlide } from "../deck/deck-events.js";
import { SLIDE_TYPES, type Slide } from "../deck/slide.js";
import { PAGE } from "./scene.js";
import { sceneOf } from "./scene-of.js";
import { TEMPLATE_IDS } from "./template-ids.js";

const place = { index: 2, total: 8, deckTitle: "deck", topic: "topic", language: "en" as const };

/** A slide cut off at every few characters of its JSON, as a reader of a stream sees it grow. */
function growthOf(slide: Slide): GrowingSlide[] {
  const { type, title, ...content } = slide;
  const steps: GrowingSlide[] = [{ type, title } as GrowingSlide];
  const length = JSON.stringify(content).length;
  for (let room = 1; room < length; room += 9) {
    const cut = cutTo(content, { left: room });
    steps.push({ type, title, ...(cut as object) } as GrowingSlide);
  }
  return [...steps, slide as GrowingSlide];
}

function cutTo(value: unknown, room: { left: number }): unknown {
  if (room.left <= 0) return undefined;
  if (typeof value === "string") {
    const text = value.slice(0, room.left);
    room.left -= value.length;
    return text;
  }
  if (Array.isArray(value)) return value.map((item) => cutTo(item, room)).filter((item) => item !== undefined);
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(
      Object.entries(value).flatMap(([key, member]) => {
        const kept = cutTo(member, room);
        return kept === undefined ? [] : [[key, kept]];
      }),
    );
  }
  room.left -= 4;
  return value;
}

describe.each(SLIDE_TYPES)("a growing slide of type %s", (type) => {
  const slides = slidesAtLimits("en", 16).filter((slide) => slide.type === type);

  test("can be shown at every moment: nothing empty, nothing outside the page", () => {
    expect(slides.length).toBeGreaterThan(2);
    for (const template of TEMPLATE_IDS) {
      for (const slide of slides.slice(0, 3)) {
        for (const step of growthOf(slide)) {
          for (const box of sceneOf(step, place, template).boxes) {
            expect(Math.min(box.x, box.y, box.width, box.height)).toBeGreaterThanOrEqual(0);
            expect(box.x + box.width).toBeLessThanOrEqual(PAGE.width + 0.01);
            expect(box.y + box.height).toBeLessThanOrEqual(PAGE.height + 0.01);
            if (box.kind === "text") expect(box.text.trim()).not.toBe("");
            if (box.kind === "chart") expect(box.chart.points.length).toBeGreaterThan(0);
          }
        }
      }
    }
  });

  test("keeps its title where it is while it grows, and ends as the finished slide", () => {
    for (const template of TEMPLATE_IDS) {
      for (const slide of slides.slice(0, 3)) {
        const scenes = growthOf(slide).map((step) => sceneOf(step, place, template));
        const titles = scenes.map(({ boxes }) => boxes.find((box) => box.kind === "text" && box.role === "title"));
        const [first] = titles;
        for (const title of titles) {
          expect(title?.x).toBe(first?.x);
          expect(Math.abs((title?.y ?? 0) - (first?.y ?? 0))).toBeLessThanOrEqual(30);
        }
        expect(scenes.at(-1)).toEqual(sceneOf(slide, place, template));
      }
    }
  });
});
