import { TEMPLATES } from "../scene/templates.js";

const faces = Object.values(TEMPLATES)
  .map(({ id, faces }) => `.slide--${id}{--display:${faces.display.css};--text:${faces.text.css}}`)
  .join("\n");

/**
 * How slides look. All lengths follow a slide's own width, so that it looks the same as a thumbnail, on a wall and on
 * paper.
 */
export const SLIDE_CSS = `.slide{position:relative;container-type:inline-size;width:100%;aspect-ratio:16/9;overflow:hidden;font-family:var(--text);text-align:left;letter-spacing:normal}
.slide *{box-sizing:border-box;margin:0;padding:0}
.slide__drawing,.slide__chart svg{position:absolute;inset:0;width:100%;height:100%;display:block}
.slide__list{list-style:none}
.slide__text{position:absolute;display:flex;flex-direction:column;font-weight:400;list-style:none;overflow-wrap:anywhere;word-break:keep-all;line-break:strict;text-wrap:balance}
.slide__text span>span{display:inline-block}
.slide__text--display{font-family:var(--display)}
.slide__text--bold{font-weight:700}
.slide__text--center{text-align:center}
.slide__text--right{text-align:right}
.slide__text--middle{justify-content:center}
.slide__text--bottom{justify-content:flex-end}
.slide__text--marked span{position:relative;padding-left:1.1em}
.slide__text--marked span::before{content:"";position:absolute;left:.1em;top:calc(.5lh - .19em);width:.38em;height:.38em;border-radius:50%;background:var(--marker,currentColor)}
.slide__text--marked span>span{padding:0}
.slide__text--marked span>span::before{content:none}
.slide__chart{position:absolute}
.slide__chart text{font-family:var(--text)}
${faces}`;
