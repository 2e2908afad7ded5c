// The text of a turn with its marks: numbers in both forms, fillers. All of what was said is always in the page;
// which form is seen is a matter of style (reading.js), so that a switch draws nothing anew.
import { html } from "./vendor/lit.js";

const PAUSES = /^[，、,\s…]+/;
const BREAK = /(?:^|[，。？！；：、,.?!;:\s…])$/;

export function marked(text, marks) {
  if (!marks) return text;
  const parts = [];
  let at = 0;
  for (const mark of inOrder(text, marks)) {
    if (mark.start < at) continue;
    const said = text.slice(mark.start, mark.end);
    parts.push(text.slice(at, mark.start), mark.written ? number(said, mark.written) : html`<span class="filler">${said}</span>`);
    at = mark.end;
  }
  return [...parts, text.slice(at)];
}

const inOrder = (text, { written, fillers }) =>
  [...written, ...fillers.map((filler) => withPause(text, filler))].sort((a, b) => a.start - b.start);

// A filler between two pauses takes one of them with it: 我，呃，认为 reads 我，认为 without it.
function withPause(text, { start, end }) {
  const pause = BREAK.test(text.slice(0, start)) ? PAUSES.exec(text.slice(end)) : null;
  return { start, end: end + (pause?.[0].length ?? 0) };
}

const number = (said, written) =>
  html`<span class="number" tabindex="-1"><span class="spoken">${said}</span><span class="written">${written}</span></span>`;
