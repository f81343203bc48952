import type { Language } from "./deck-input.js";

/** What the events of a run say, in the language of the deck. */
export interface DeckMessages {
  outlineStarted: string;
  outlineGrows(slide: number, total: number): string;
  outlineCompleted(slides: number): string;
  searchStarted: string;
  searchCompleted(sources: number): string;
  contentStarted: string;
  slideReady(slide: number, total: number): string;
  contentCompleted(slides: number): string;
  htmlStarted: string;
  htmlCompleted: string;
  previewStarted: string;
  previewCompleted: string;
  exportCompleted: string;
}

export const DECK_MESSAGES: Readonly<Record<Language, DeckMessages>> = {
  zh: {
    outlineStarted: "开始生成演示文稿大纲……",
    outlineGrows: (slide, total) => (slide === 0 ? "正在拟定标题" : `正在写大纲：第 ${slide} 页，共 ${total} 页`),
    outlineCompleted: (slides) => `大纲生成完成，共 ${slides} 页`,
    searchStarted: "正在检索资料……",
    searchCompleted: (sources) => `检索完成，找到 ${sources} 条资料`,
    contentStarted: "开始生成每页内容……",
    slideReady: (slide, total) => `第 ${slide} 页已完成，共 ${total} 页`,
    contentCompleted: (slides) => `${slides} 页内容生成完成`,
    htmlStarted: "正在排版……",
    htmlCompleted: "排版完成",
    previewStarted: "正在准备预览……",
    previewCompleted: "预览已就绪",
    exportCompleted: "文件已导出：HTML、Markdown、JSON",
  },
  en: {
    outlineStarted: "Writing the outline…",
    outlineGrows: (slide, total) =>
      slide === 0 ? "Finding a title" : `Writing the outline: slide ${slide} of ${total}`,
    outlineCompleted: (slides) => `The outline is done: ${slides} slides`,
    searchStarted: "Looking things up…",
    searchCompleted: (sources) => `The search is done: ${sources} sources`,
    contentStarted: "Writing the slides…",
    slideReady: (slide, total) => `Slide ${slide} of ${total} is done`,
    contentCompleted: (slides) => `All ${slides} slides are written`,
    htmlStarted: "Setting the type…",
    htmlCompleted: "The deck is set",
    previewStarted: "Preparing the preview…",
    previewCompleted: "The preview is ready",
    exportCompleted: "Files written: HTML, Markdown, JSON",
  },
};
