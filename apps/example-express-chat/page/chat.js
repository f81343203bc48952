import { readEvents } from "./read-events.js";

const $ = (id) => document.getElementById(id);
/** The conversation, as it is sent with the next question. */
let messages = [];
let answering;

const json = (body) => ({
  method: "POST",
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify(body),
});
const usd = (amount) => `$${amount.toFixed(6)}`;

function show(role, text) {
  const item = document.createElement("li");
  item.className = role;
  item.textContent = text;
  $("messages").append(item);
  return item;
}

/** Asks the server who is logged in and what was spent; shows the login where nobody is. */
async function showAccount() {
  const response = await fetch("/api/account");
  $("login").hidden = response.ok;
  $("chat").hidden = !response.ok;
  if (!response.ok) return;
  const { name, role, answers, spentUsd, budgetUsd } = await response.json();
  for (const [id, text] of Object.entries({ name, role, answers })) $(id).textContent = text;
  $("spent").textContent = `${usd(spentUsd)} of ${usd(budgetUsd)}`;
  $("share").value = spentUsd / budgetUsd;
}

async function ask(prompt) {
  const question = { role: "user", content: prompt };
  show("user", prompt);
  const item = show("assistant", "");
  answering = new AbortController();
  const body = json({ messages: [...messages, question], stream: true });
  try {
    for await (const event of readEvents("/api/chat", { ...body, signal: answering.signal })) {
      if (event.type === "text-delta") item.textContent += event.text;
    }
    messages = [...messages, question, { role: "assistant", content: item.textContent }];
  } catch (error) {
    // What was refused or cut stays out of the conversation.
    if (item.textContent === "") item.remove();
    if (error.name === "AbortError") return;
    $("refusal").textContent = [error.message, error.hint].filter(Boolean).join(" ");
    $("refusal").dataset.code = error.code;
  }
}

$("login").addEventListener("submit", async (event) => {
  event.preventDefault();
  const response = await fetch("/login", json(Object.fromEntries(new FormData(event.target))));
  $("refusal").textContent = response.ok ? "" : (await response.json()).error.message;
  if (response.ok) event.target.reset();
  await showAccount();
});

$("logout").addEventListener("click", async () => {
  answering?.abort();
  await fetch("/logout", { method: "POST" });
  messages = [];
  $("messages").replaceChildren();
  $("refusal").textContent = "";
  await showAccount();
});

$("ask").addEventListener("submit", async (event) => {
  event.preventDefault();
  const { prompt } = Object.fromEntries(new FormData(event.target));
  event.target.reset();
  $("refusal").textContent = "";
  [$("send").disabled, $("stop").hidden] = [true, false];
  try {
    await ask(prompt);
    await showAccount();
  } finally {
    [$("send").disabled, $("stop").hidden] = [false, true];
  }
});

$("stop").addEventListener("click", () => answering?.abort());

await showAccount();
