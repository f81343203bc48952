import { deltaOf } from "./chunk-events.ts";

/** A deck as JSON text of at least `length` characters and one slide more at most; strings with escapes among them. */
export function objectText(length: number): string {
  const slides: string[] = [];
  const [head, tail] = [`{"title":"${deltaOf(1, "latin").text.trim()}","slides":[`, "]}"];
  for (let id = 0, size = head.length; size < length; id += 1) {
    const words = (from: number, count: number) =>
      Array.from({ length: count }, (_, index) => deltaOf(from + index, "latin").text).join("");
    const slide = JSON.stringify({
      id,
      heading: `Slide ${id}:${words(id, 1)}`,
      body: `${words(id * 3, 9)}\n"${words(id * 5, 2)}"`,
      score: id / 8,
      draft: id % 3 === 0,
      tags: [words(id * 7, 1).trim(), words(id * 11, 1).trim()],
    });
    slides.push(slide);
    size += slide.length + 1;
  }
  return head + slides.join(",") + tail;
}
