import { STEPS, totalOf } from "./deck-run.js";
import { dollars, make, setText } from "./elements.js";

const list = document.querySelector("#steps");
const progress = document.querySelector("#progress");
const bill = { usd: document.querySelector("#bill-usd"), tokens: document.querySelector("#bill-tokens") };

/** The six stations with what each took, and the bill below them. */
export function showRail(run, texts) {
  STEPS.forEach((name, index) => {
    const row = list.children[index] ?? list.appendChild(newRow());
    const step = run?.steps[name] ?? { state: "waiting", tokens: 0, usd: 0 };
    const tokens = step.tokens + (step.live?.tokens ?? 0);
    const usd = step.usd + (step.live?.usd ?? 0);
    const running = step.state === "running";
    row.dataset.state = step.state;
    if (running) row.setAttribute("aria-current", "step");
    else row.removeAttribute("aria-current");
    setText(row.querySelector("b"), texts.steps[name]);
    setText(row.querySelector("small"), running ? run.message : step.state === "off" ? texts.off : timeOf(step));
    setText(row.querySelector("em"), tokens > 0 ? dollars(usd) : "");
    setText(row.querySelector("i"), tokens > 0 ? texts.tokens(tokens) : "");
  });
  const share = run?.progress ?? 0;
  progress.setAttribute("aria-valuenow", String(Math.round(share)));
  progress.setAttribute("aria-label", texts.line);
  progress.firstElementChild.style.width = `${share}%`;
  const total = run === undefined ? { tokens: 0, usd: 0 } : totalOf(run);
  setText(bill.usd, dollars(total.usd));
  setText(bill.tokens, texts.tokens(total.tokens));
}

function newRow() {
  return make("li", {}, make("span", { class: "lamp" }), make("b"), make("em"), make("small"), make("i"));
}

function timeOf({ ms }) {
  return ms === undefined ? "" : ms < 100 ? "< 0.1 s" : `${(ms / 1000).toFixed(1)} s`;
}
