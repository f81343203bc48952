import { make, setText } from "./elements.js";
import { slideFrame } from "./slide-frame.js";

const screen = document.querySelector("#screen");
const sheet = document.querySelector("#sheet");
const [eyebrow, heading, list] = sheet.children;
let wanted = "";

/** Shows a slide; the old one stays until the new one is there. */
export async function showSlide(html, template, title) {
  const key = `${template}\n${html}`;
  if (key === wanted) return;
  wanted = key;
  const frame = await slideFrame(html, template, title);
  if (key !== wanted) return;
  frame.addEventListener(
    "load",
    () => {
      if (key !== wanted) return frame.remove();
      for (const other of screen.querySelectorAll("iframe")) if (other !== frame) other.remove();
      frame.classList.add("is-there");
    },
    { once: true },
  );
  screen.append(frame);
}

/** The outline as it is written, above the stage; hidden again once there is a slide to show. */
export function showOutline({ outline, growing, input, phase, message }, texts, visible) {
  sheet.hidden = !visible;
  if (!visible) return;
  setText(eyebrow, [phase === "running" ? message : "", input.topic].filter(Boolean).join(" · "));
  setText(heading, outline.title);
  heading.classList.toggle("is-growing", phase === "running" && growing < 0);
  outline.slides.forEach((slide, index) => {
    const row = list.children[index] ?? list.appendChild(make("li", {}, make("b"), make("span"), make("p")));
    setText(row.children[0], slide.title);
    setText(row.children[1], texts.types[slide.type]);
    setText(row.children[2], slide.content.replaceAll(/^- /gm, "").replaceAll("\n", " "));
    row.classList.toggle("is-growing", phase === "running" && index === growing);
  });
  while (list.children.length > outline.slides.length) list.lastElementChild.remove();
  list.scrollTop = list.scrollHeight;
}
