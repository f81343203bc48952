import { make, setText } from "./elements.js";
import { slideFrame } from "./slide-frame.js";

const list = document.querySelector("#cards");

/** Cards of the slides: planned ones show their outline, finished ones themselves. */
export function showBoard(run, texts, selected, onSelect) {
  const total = run === undefined ? 0 : Math.max(run.outline.slides.length, run.slides.length);
  if (total === 0) return list.replaceChildren(make("li", { class: "board__empty" }, texts.emptyBoard));
  list.querySelector(".board__empty")?.remove();
  while (list.children.length > total) list.lastElementChild.remove();
  for (let index = 0; index < total; index++) {
    const card = list.children[index] ?? list.appendChild(newCard(index, onSelect));
    update(card, run, index, texts, selected);
  }
}

/** A new run begins with an empty board. */
export function clearBoard() {
  list.replaceChildren();
}

function newCard(index, onSelect) {
  const face = make("div", { class: "card__face" }, make("span", { class: "card__type" }), make("b"), make("p"));
  const button = make("button", { type: "button", class: "card__button" });
  button.addEventListener("click", () => onSelect(index));
  return make(
    "li",
    { class: "card" },
    face,
    button,
    make("p", { class: "card__foot" }, make("i"), make("span"), make("em")),
  );
}

function update(card, run, index, texts, selected) {
  const planned = run.outline.slides[index];
  const made = run.slides[index];
  const [face, button, foot] = card.children;
  const type = made?.slide.type ?? planned?.type ?? "bullets";
  const title = made?.slide.title ?? planned?.title ?? "";
  const writing = made === undefined && run.phase === "running" && run.steps.content.state === "running";
  card.classList.toggle("is-done", made !== undefined);
  card.classList.toggle("is-writing", writing);
  card.classList.toggle("is-growing", run.phase === "running" && run.growing === index);
  card.classList.toggle("is-selected", selected === index);
  setText(face.children[0], texts.types[type]);
  setText(face.children[1], title);
  setText(face.children[2], (planned?.content ?? "").replaceAll(/^- /gm, "").replaceAll("\n", " "));
  button.disabled = made === undefined;
  button.setAttribute("aria-label", `${index + 1}. ${title}`);
  if (selected === index) button.setAttribute("aria-current", "true");
  else button.removeAttribute("aria-current");
  setText(foot.children[0], String(index + 1));
  setText(foot.children[1], texts.types[type]);
  setText(foot.children[2], made === undefined ? "" : made.valid ? `✓ ${texts.valid}` : `✗ ${texts.invalid}`);
  foot.children[2].className = made?.valid === false ? "is-invalid" : "";
  if (made !== undefined && face.dataset.html !== made.html) void draw(face, made, run.input.template, title);
}

async function draw(face, made, template, title) {
  face.dataset.html = made.html;
  const frame = await slideFrame(made.html, template, title);
  frame.setAttribute("aria-hidden", "true");
  frame.addEventListener("load", () => frame.classList.add("is-there"), { once: true });
  for (const old of face.querySelectorAll("iframe")) old.remove();
  face.append(frame);
}
