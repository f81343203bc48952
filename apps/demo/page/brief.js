import { dollars, make, setText } from "./elements.js";

const form = document.querySelector("#brief");
const settings = document.querySelector("#settings");

/** What the user asks for. */
export function readBrief() {
  const values = new FormData(form);
  return {
    topic: values.get("topic"),
    slides: Number(values.get("slides")),
    language: values.get("language"),
    template: values.get("template") ?? "paper",
    search: values.has("search"),
  };
}

/** Calls `onStart` when the user starts a deck, `onChange` whenever something of the brief changes. */
export function listenToBrief({ onStart, onChange }) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    onStart();
  });
  form.addEventListener("input", onChange);
  form.elements.topic.addEventListener("keydown", (event) => {
    // Enter that ends the choice of a Chinese character is no submission.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  });
}

/** Fills in what the server offers. */
export function offer({ templates, defaultTopic }) {
  document.querySelector("#templates").replaceChildren(...templates.map(swatch));
  if (form.elements.topic.value === "") form.elements.topic.value = defaultTopic;
}

/** The settings in one line, and what the deck may cost. */
export function showBrief(info, texts, speech) {
  const { slides, language, template, search } = readBrief();
  const look = info?.templates.find(({ id }) => id === template)?.name[speech];
  const parts = [texts.pages(slides), { zh: "中文", en: "English" }[language], look, search ? texts.searching : ""];
  setText(document.querySelector("#slides-shown"), texts.pages(slides));
  setText(document.querySelector("#summary"), parts.filter(Boolean).join(" · "));
  setText(document.querySelector("#estimate"), info === undefined ? "" : priceOf(info, slides, search, texts));
}

/** While a deck is made its settings make room for what happens. */
export function foldBrief() {
  settings.open = false;
}

function priceOf({ estimates, searchFee }, slides, search, texts) {
  const usd = estimates?.[slides]?.[search ? "searched" : "plain"];
  if (usd === undefined) return texts.noEstimate;
  return texts.estimate(dollars(usd), search ? dollars(searchFee) : undefined);
}

function swatch({ id, name, colours }, index) {
  const style = `--swatch:${colours.paper};--swatch-ink:${colours.ink};--swatch-accent:${colours.accent}`;
  return make(
    "label",
    { class: "swatch", style },
    make("input", { type: "radio", name: "template", value: id, checked: index === 0 }),
    make("span", { class: "swatch__face", "aria-hidden": "true" }, make("b", {}, "Aa")),
    make("span", { class: "swatch__name", "data-name-zh": name.zh, "data-name-en": name.en }),
  );
}
