import { BODY_FONT, TEMPLATES, type TemplateId } from "./templates.js";

/** A template's colours and typefaces as custom properties. */
export function templateCss(id: TemplateId): string {
  const { colours, display, mode } = TEMPLATES[id];
  const properties = Object.entries(colours).map(([name, value]) => `--${name}:${value}`);
  return `:root{color-scheme:${mode};${properties.join(";")};--display:${display};--body:${BODY_FONT}}`;
}

/**
 * The layout of slides. One em is a sixtieth of a slide's width, so that a slide looks the same as a thumbnail, on a
 * wall and on paper.
 */
export const DECK_CSS = `*{box-sizing:border-box;margin:0;padding:0}
.slide{container-type:inline-size;width:100%;aspect-ratio:16/9;overflow:hidden;background:var(--paper)}
.slide__page{position:relative;font-size:calc(100cqw/60);width:60em;height:33.75em;padding:3.4em 4em 3.6em;color:var(--ink);font-family:var(--body);line-height:1.45;overflow-wrap:anywhere;display:flex;flex-direction:column}
h1,h2,h3,blockquote{word-break:keep-all}
h1,h2,h3{font-family:var(--display);font-weight:700;line-height:1.18;letter-spacing:-.01em;text-wrap:balance}
h1{font-size:calc(var(--fit,3)*1em)}
h2{font-size:2.25em;max-width:22em}
.subtitle{color:var(--muted);font-size:1.15em;margin-top:.55em;max-width:40em}
ul,ol{list-style:none}
.motif{position:absolute;inset:0;width:100%;height:100%}
.motif__line{fill:none;stroke:var(--line);stroke-width:4;stroke-linejoin:round}
.motif__line--accent{stroke:var(--accent)}
.motif__line--second{stroke:var(--second)}
.motif__signal{fill:var(--paper);stroke:var(--line);stroke-width:4}
.motif__signal--lit{fill:var(--accent);stroke:var(--accent)}
.cover{position:relative;margin-top:auto;max-width:36em}
.cover::before{content:"";position:absolute;inset:-6em -12em -8em -8em;background:radial-gradient(closest-side,var(--paper) 62%,transparent)}
.cover>*{position:relative}
.cover .eyebrow{color:var(--accent);font-weight:700;font-size:1.05em;letter-spacing:.08em;margin-bottom:1.1em}
.cover .subtitle{font-size:1.3em;margin-top:.9em}
.split{display:grid;grid-template-columns:17em 1fr;gap:4em;flex:1;align-items:center}
.split__head{align-self:stretch;display:flex;flex-direction:column;justify-content:space-between;padding-top:.4em}
.split .ghost{font-family:var(--display);font-size:7.5em;line-height:.8;color:var(--line);letter-spacing:-.03em;margin:0 0 .16em -.04em}
.split header::before{content:"";display:block;width:3em;height:.32em;background:var(--accent);margin-bottom:1.6em}
.split h2{font-size:2.15em}
.points{counter-reset:point;border-top:1px solid var(--line)}
.points li{counter-increment:point;display:grid;grid-template-columns:3em 1fr;align-items:baseline;padding:.85em 0;border-bottom:1px solid var(--line);font-size:calc(var(--fit)*1em)}
.points li::before{content:counter(point,decimal-leading-zero);font-family:var(--display);font-weight:700;color:var(--accent);font-size:1.05em}
.columns{display:grid;grid-template-columns:1fr 1fr;gap:2.4em;margin-top:1.6em;flex:1;align-items:stretch;padding-bottom:1.4em}
.column{background:var(--panel);border-top:.3em solid var(--accent);padding:1.4em 1.8em;box-shadow:0 .1em .3em #0000000f}
.column:last-child{border-top-color:var(--second)}
.column h3{font-size:1.4em;margin-bottom:.6em}
.column h3::first-letter{text-transform:uppercase}
.column li{position:relative;padding-left:1.3em;margin-top:.75em;font-size:calc(var(--fit)*1em)}
.column li::before{content:"";position:absolute;left:0;top:.56em;width:.5em;height:.5em;border-radius:50%;background:var(--accent)}
.column:last-child li::before{background:var(--second)}
.figure{display:grid;grid-template:minmax(0,1fr)/33em 1fr;gap:3em;flex:1;min-height:0;align-items:center;margin-top:1.4em;padding-bottom:.9em}
.figure__chart{background:var(--panel);padding:1.3em 1.5em;border:1px solid var(--line);height:100%;max-height:20em}
.figure__notes li{border-left:.26em solid var(--accent);padding:0 0 0 1em;margin:0 0 1.3em;font-size:calc(var(--fit)*1em)}
.figure__notes li:last-child{margin:0}
.chart{display:block;width:100%;height:100%;font-family:var(--body)}
.chart text{fill:var(--ink)}
.chart__label{font-size:19px}
.chart__value{font-size:19px;font-weight:700}
.chart .chart__unit{font-size:17px;fill:var(--muted)}
.chart__middle{text-anchor:middle}
.chart__lead{fill:var(--accent)}
.chart__rest{fill:var(--second);opacity:.75}
.chart__axis{stroke:var(--line);stroke-width:2}
.chart__curve{fill:none;stroke:var(--accent);stroke-width:4;stroke-linejoin:round}
.chart__area{fill:var(--accent);opacity:.12}
.chart__dot{fill:var(--panel);stroke:var(--accent);stroke-width:4}
.chart__part{fill:none;stroke-width:52}
.chart__part--0{stroke:var(--accent)}.chart__part--1{stroke:var(--second)}.chart__part--2{stroke:color-mix(in srgb,var(--accent) 55%,var(--panel))}.chart__part--3{stroke:color-mix(in srgb,var(--second) 55%,var(--panel))}.chart__part--4{stroke:var(--muted)}.chart__part--5{stroke:var(--line)}
.chart__key{stroke-width:16;fill:none;r:0}
circle.chart__key{r:4;stroke-width:9}
.quote{margin:auto 0;padding:0 3em 1em;position:relative}
.quote::before{content:"\\201C";position:absolute;left:-.06em;top:-.34em;font-family:Georgia,serif;font-size:9em;line-height:1;color:var(--accent);opacity:.9}
.quote blockquote{font-family:var(--display);font-size:calc(var(--fit)*1em);line-height:1.4;font-weight:600;text-wrap:balance;padding-left:1.1em}
.quote figcaption{margin-top:2em;padding-left:2.8em;display:flex;flex-direction:column;gap:.3em;font-size:1.1em}
.quote figcaption span{color:var(--muted)}
.cards{counter-reset:card;display:grid;grid-template-columns:repeat(auto-fit,minmax(10em,1fr));gap:1.5em;margin-top:2.2em;flex:1;padding-bottom:1.6em}
.cards li{counter-increment:card;background:var(--panel);border:1px solid var(--line);padding:1.4em 1.4em;font-size:calc(var(--fit)*1em);display:flex;flex-direction:column;gap:.9em}
.cards li::before{content:counter(card);font-family:var(--display);font-weight:700;font-size:1.15em;width:2em;height:2em;border-radius:50%;display:grid;place-items:center;color:var(--paper);background:var(--accent)}
footer{position:absolute;left:5.13em;right:5.13em;bottom:1.5em;display:flex;justify-content:space-between;gap:3em;color:var(--muted);font-size:.78em}
footer span:first-child{overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
footer span:nth-child(2){white-space:nowrap;color:var(--ink);font-weight:700}
footer i{font-style:normal;font-weight:400;color:var(--muted)}
footer b{position:absolute;left:0;bottom:-.85em;height:.16em;background:var(--accent)}
footer::after{content:"";position:absolute;left:0;right:0;bottom:-.81em;height:.08em;background:var(--line);z-index:-1}`;

/** What a deck of its own page adds: one slide after another, and one slide a sheet of paper. */
export const DOCUMENT_CSS = `html{background:color-mix(in srgb,var(--paper) 86%,#000);scroll-snap-type:y mandatory;scroll-padding:2vmin}
.deck{display:grid;gap:4vmin;justify-items:center;padding:4vmin 2vmin}
.deck .slide{width:min(96vw,calc(92vh*16/9));scroll-snap-align:center;box-shadow:0 1vmin 4vmin #00000038}
@page{size:338.67mm 190.5mm;margin:0}
@media print{html{background:none}.deck{display:block;padding:0}.deck .slide{width:100%;box-shadow:none;break-after:page;break-inside:avoid;print-color-adjust:exact;-webkit-print-color-adjust:exact}}`;
