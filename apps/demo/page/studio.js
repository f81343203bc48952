import { clearBoard, showBoard } from "./board.js";
import { foldBrief, listenToBrief, offer, readBrief, showBrief } from "./brief.js";
import { applyEvent, breakOff, newRun, totalOf } from "./deck-run.js";
import { dollars, make, setText } from "./elements.js";
import { showRail } from "./rail.js";
import { showOutline, showSlide } from "./stage.js";
import { postForSteps } from "./step-stream.js";
import { TEXTS } from "./texts.js";

const $ = (selector) => document.querySelector(selector);

/** What the server says of itself; undefined where it cannot be reached. */
let info;
let speech = localStorage.getItem("speech") ?? (navigator.language.startsWith("zh") ? "zh" : "en");
let run;
let stop;
let selected = -1;
/** The newest slide is shown until the user picks one. */
let following = true;
let drawn = false;
let coverTimer;

$(`[name=speech][value=${speech}]`).checked = true;
listen();
try {
  info = await (await fetch("/api/info")).json();
  offer(info);
} catch {
  // The banner tells.
  info = undefined;
}
speak();

function listen() {
  listenToBrief({
    onStart: () => run?.phase !== "running" && begin(),
    onChange: () => {
      showBrief(info, TEXTS[speech], speech);
      showCover();
    },
  });
  $("#cancel").addEventListener("click", () => stop?.abort());
  for (const button of [$("#resume"), $("#fault button")]) button.addEventListener("click", resume);
  for (const input of document.querySelectorAll("[name=speech]")) {
    input.addEventListener("change", () => {
      speech = input.value;
      localStorage.setItem("speech", speech);
      speak();
    });
  }
  $("#back").addEventListener("click", () => turn(-1));
  $("#next").addEventListener("click", () => turn(1));
  document.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1, PageUp: -1, PageDown: 1 }[event.key];
    if (step === undefined || event.target.matches("input, textarea") || selected < 0) return;
    event.preventDefault();
    turn(step);
  });
}

/** Puts every text of the page into the chosen language. */
function speak() {
  const texts = TEXTS[speech];
  document.documentElement.lang = speech === "zh" ? "zh-CN" : "en";
  for (const element of document.querySelectorAll("[data-text]")) setText(element, texts[element.dataset.text]);
  for (const element of document.querySelectorAll("[data-label]")) {
    element.setAttribute("aria-label", texts[element.dataset.label]);
  }
  const name = speech === "zh" ? "nameZh" : "nameEn";
  for (const element of document.querySelectorAll("[data-name-zh]")) setText(element, element.dataset[name]);
  const banner = $("#banner");
  banner.hidden = false;
  banner.dataset.answers = info?.answers ?? "nobody";
  const who = { simulator: texts.simulator, openrouter: texts.openrouter(info?.notation), nobody: texts.unreachable };
  setText(banner, who[banner.dataset.answers]);
  showBrief(info, texts, speech);
  show();
}

function begin() {
  clearBoard();
  foldBrief();
  selected = -1;
  following = true;
  run = newRun(readBrief());
  void follow("", run.input);
}

function resume() {
  if (run === undefined || run.phase === "running") return;
  if (run.id === undefined) return begin();
  run.phase = "running";
  run.fault = undefined;
  void follow(`/${run.id}/resume`, {});
}

/** Reads the run's events until the last one; never rejects. */
async function follow(path, body) {
  const current = run;
  stop = new AbortController();
  show();
  try {
    for await (const event of postForSteps(`${stepsAddress()}${path}`, body, stop.signal)) {
      applyEvent(current, event);
      if (event.step === "content" && event.status === "processing" && following) selected = event.data.index;
      show();
    }
    if (current.phase === "running")
      breakOff(current, { code: "stream_truncated", message: "stream ended unexpectedly" });
  } catch (error) {
    const { code = "connection", message, hint } = error;
    breakOff(current, stop.signal.aborted ? undefined : { code, message, hint });
  }
  if (current.phase === "done" && following) selected = 0;
  show();
}

/** A run that began on one server may go on over the other. */
function stepsAddress() {
  const nest = $("[name=transport]:checked").value === "nest";
  return nest ? `${location.protocol}//${location.hostname}:${info.nestPort}/nest/steps` : "/express/steps";
}

function turn(step) {
  const last = (run?.slides.length ?? 0) - 1;
  if (last >= 0) select(Math.min(last, Math.max(0, selected + step)));
}

function select(index) {
  if (run?.slides[index] === undefined) return;
  following = false;
  selected = index;
  show();
}

/** At most once a frame, however many events come. */
function show() {
  if (drawn) return;
  drawn = true;
  requestAnimationFrame(() => {
    drawn = false;
    draw();
  });
}

function draw() {
  const texts = TEXTS[speech];
  document.body.dataset.phase = run?.phase ?? "idle";
  showRail(run, texts);
  showBoard(run, texts, selected, select);
  showActions(texts);
  showFault(texts);
  const made = run?.slides[selected];
  const writing = run !== undefined && run.slides.length === 0 && run.phase !== "done";
  if (made !== undefined) void showSlide(made.html, run.input.template, made.slide.title);
  else if (!writing) showCover();
  if (run !== undefined) showOutline(run, texts, writing);
  showCaption(texts, made);
}

function showActions(texts) {
  const phase = run?.phase;
  setText($("#go"), run === undefined ? texts.go : texts.again);
  const broken = phase === "stopped" || phase === "failed";
  $("#go").hidden = phase === "running";
  $("#go").classList.toggle("button--go", !broken);
  $("#cancel").hidden = phase !== "running";
  $("#resume").hidden = !broken;
  const files = $("#files");
  const shown = run?.files === undefined ? "" : `${run.files[0].url} ${speech}`;
  if (files.dataset.shown === shown) return;
  files.dataset.shown = shown;
  files.replaceChildren(...(shown === "" ? [] : linksTo(run, texts)));
}

function linksTo({ files, previewUrl }, texts) {
  const names = { html: "HTML", markdown: "Markdown", json: "JSON" };
  return [
    make("a", { class: "button", href: previewUrl, target: "_blank", rel: "noopener" }, texts.open),
    ...files.map(({ format, url }) => {
      const look = format === "html" ? "button button--go" : "button";
      return make("a", { class: look, href: `${url}?download`, "data-format": format, download: true }, names[format]);
    }),
  ];
}

function showFault(texts) {
  const box = $("#fault");
  const fault = run?.fault;
  box.hidden = fault === undefined;
  if (fault === undefined) return;
  const [title, text, hint] = box.children;
  setText(title, fault.step === undefined ? texts.interrupted : texts.failed(texts.steps[fault.step]));
  setText(text, `${fault.code}: ${fault.message}`);
  setText(hint, fault.hint ?? "");
}

function showCaption(texts, made) {
  const sayings = { running: run?.message, stopped: texts.stopped, failed: run?.fault?.message, done: texts.done };
  const saying = sayings[run?.phase] ?? "";
  setText($("#status"), saying);
  setText($("#caption"), captionOf(texts, made, saying));
  $("#back").disabled = made === undefined || selected <= 0;
  $("#next").disabled = made === undefined || selected >= run.slides.length - 1;
}

function captionOf(texts, made, saying) {
  if (run === undefined) return "";
  if (made === undefined)
    return [saying, totalOf(run).tokens > 0 ? dollars(totalOf(run).usd) : ""].filter(Boolean).join(" · ");
  const { slide, index, total_slides: total, valid, strategy, answers, tokens, usd, kept } = made;
  const how = kept ? texts.kept : `${strategy}, ${texts.answers(answers)}, ${texts.tokens(tokens)}, ${dollars(usd)}`;
  return [
    `${index + 1} / ${total}`,
    texts.types[slide.type],
    valid ? `✓ ${texts.valid}` : `✗ ${texts.invalid}`,
    how,
  ].join(" · ");
}

/** Before the first run the stage shows the cover that the topic would get. */
function showCover() {
  if (run !== undefined) return;
  clearTimeout(coverTimer);
  coverTimer = setTimeout(async () => {
    const { topic, language, template } = readBrief();
    try {
      const response = await fetch(`/api/cover?${new URLSearchParams({ topic, language })}`);
      if (response.ok && run === undefined) await showSlide(await response.text(), template, topic);
    } catch {
      // The banner says already that the server cannot be reached.
    }
  }, 120);
}
