import { make } from "./elements.js";

const styles = new Map();

/** The style sheet of a template, fetched once. */
export function styleOf(template) {
  if (!styles.has(template)) {
    const fetched = fetch(`/api/templates/${template}.css`).then((response) => {
      if (!response.ok) throw new Error(`${response.status} for the template ${template}`);
      return response.text();
    });
    styles.set(template, fetched);
    fetched.catch(() => styles.delete(template));
  }
  return styles.get(template);
}

/** A slide in a frame of its own, where nothing runs and nothing is loaded. */
export async function slideFrame(html, template, title) {
  const css = await styleOf(template);
  const frame = make("iframe", { sandbox: "", title, tabindex: "-1" });
  frame.srcdoc = `<!doctype html><meta charset="utf-8"><style>html,body{margin:0;overflow:hidden}${css}</style>${html}`;
  return frame;
}
