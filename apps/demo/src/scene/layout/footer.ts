import type { SlideType } from "../../deck/slide.js";
import { mixColours } from "../mix-colours.js";
import { type Box, PAGE } from "../scene.js";
import { setText } from "../set-text.js";
import type { Template } from "../template.js";
import { MARGIN, type SlidePlace } from "./layout.js";

/** The number of a slide; cover and thanks need none. */
export function footerBoxes(type: SlideType, { colours, cover }: Template, { index }: SlidePlace): Box[] {
  if (type === "intro" || type === "thank_you") return [];
  const { accent, onAccent, muted, paper } = colours;
  const isOnAccent = type === "quote" && cover === "full";
  return setText(
    String(index + 1),
    { x: PAGE.width - MARGIN - 60, y: 496, width: 60, height: 24 },
    {
      role: "footer",
      face: "text",
      bold: false,
      sizes: [14],
      colour: isOnAccent ? mixColours(onAccent, accent, 0.86) : muted,
      on: isOnAccent ? accent : paper,
      align: "right",
      vertical: "middle",
    },
  );
}
