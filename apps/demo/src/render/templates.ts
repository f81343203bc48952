import type { Language } from "../deck/deck-input.js";

export const TEMPLATE_IDS = ["paper", "night", "field", "plum"] as const;
export type TemplateId = (typeof TEMPLATE_IDS)[number];

/** A look: colours and typefaces; the layout of slides is the same in all of them. */
export interface Template {
  id: TemplateId;
  name: Readonly<Record<Language, string>>;
  mode: "light" | "dark";
  colours: Readonly<Record<"paper" | "ink" | "muted" | "accent" | "second" | "line" | "panel", string>>;
  /** CSS font-family of titles. */
  display: string;
}

const SERIF = `"Iowan Old Style", "Palatino Linotype", Palatino, "Source Han Serif SC", "Noto Serif CJK SC", "Songti SC", Georgia, serif`;
const SANS = `"Avenir Next", "Segoe UI", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Helvetica Neue", Arial, sans-serif`;

export const BODY_FONT = SANS;

export const TEMPLATES: Readonly<Record<TemplateId, Template>> = {
  paper: {
    id: "paper",
    name: { zh: "白纸", en: "Paper" },
    mode: "light",
    colours: {
      paper: "#f7f3ea",
      ink: "#1d1a16",
      muted: "#665e53",
      accent: "#bd3219",
      second: "#1f4e5f",
      line: "#dad0bf",
      panel: "#fffdf8",
    },
    display: SERIF,
  },
  night: {
    id: "night",
    name: { zh: "夜线", en: "Night line" },
    mode: "dark",
    colours: {
      paper: "#0d1526",
      ink: "#f3f0e7",
      muted: "#a4b0c8",
      accent: "#f5b544",
      second: "#6fb7ff",
      line: "#2a385a",
      panel: "#152039",
    },
    display: SANS,
  },
  field: {
    id: "field",
    name: { zh: "原野", en: "Field" },
    mode: "light",
    colours: {
      paper: "#eff4ee",
      ink: "#10281d",
      muted: "#4a6557",
      accent: "#0a7045",
      second: "#b2621a",
      line: "#cbdccf",
      panel: "#ffffff",
    },
    display: SANS,
  },
  plum: {
    id: "plum",
    name: { zh: "暮紫", en: "Plum" },
    mode: "dark",
    colours: {
      paper: "#1b1020",
      ink: "#fbeef5",
      muted: "#c3abbe",
      accent: "#ff85a4",
      second: "#8fd3c8",
      line: "#412c4a",
      panel: "#271830",
    },
    display: SERIF,
  },
};
