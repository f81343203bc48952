import type { Frame, TextBox } from "../scene.js";
import { type Setting, setAlike } from "../set-text.js";

/** The texts of points, each in its frame and all in one size; one entry a point, empty where nothing is written yet. */
export function pointTexts(
  points: readonly { text?: string | undefined }[],
  frames: readonly Frame[],
  style: Pick<Setting, "colour" | "on" | "align" | "vertical"> & Partial<Setting>,
): TextBox[][] {
  const places = points.flatMap(({ text }, index) => {
    const frame = frames[index];
    return frame === undefined ? [] : [{ text, frame }];
  });
  return setAlike(places, {
    role: "body",
    listed: true,
    face: "text",
    bold: false,
    sizes: [24, 22, 20, 18, 16],
    lineHeight: 1.32,
    ...style,
  });
}
