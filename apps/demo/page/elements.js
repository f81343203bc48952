/** Makes an element: `make("p", { class: "note" }, "text", child)`. Texts are texts, never markup. */
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(key, "");
    else if (value !== false && value !== undefined) element.setAttribute(key, value);
  }
  element.append(...children);
  return element;
}

/** Sets a text where it differs, so that a screen reader is not told the same thing twice. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Money in USD, as exact as it is small. */
export function dollars(amount) {
  return `$${amount.toFixed(amount < 0.01 ? 5 : amount < 1 ? 3 : 2)}`;
}
