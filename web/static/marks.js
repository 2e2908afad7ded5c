// The text of a turn with its marks: numbers in both forms, fillers, words heard with doubt, pieces that the condensed
// record leaves out. All of what was said is always in the page; which form is seen is a matter of style (reading.js),
// so that a switch draws nothing anew.
import { html } from "./vendor/lit.js";
import { lowSpans } from "./doubts.js";

const PAUSES = /^[，、,\s…]+/;
const BREAK = /(?:^|[，。？！；：、,.?!;:\s…])$/;

export function marked(text, marks, turn) {
  const spans = [
    ...(marks?.fillers ?? []).map((filler) => ({ ...withPause(text, filler), kind: "filler" })),
    ...lowSpans(turn).map((span) => ({ ...span, kind: "low" })),
    ...(turn.omissions ?? []).map((piece) => ({ start: piece.at, end: piece.at + piece.text.length, kind: "omitted" })),
  ];
  const numbers = inOrder(marks?.written ?? []);
  if (!spans.length && !numbers.length) return text;
  return segments(text, spans, numbers).map(({ start, end, written }) => part(text.slice(start, end), written, classes(spans, start, end)));
}

// The text cut wherever a mark begins or ends; a number stays whole.
function segments(text, spans, numbers) {
  const inside = (at) => numbers.some(({ start, end }) => start < at && at < end);
  const cuts = [0, text.length, ...numbers.flatMap(({ start, end }) => [start, end]), ...spans.flatMap(({ start, end }) => [start, end])];
  const places = [...new Set(cuts)].filter((at) => at <= text.length && !inside(at)).sort((a, b) => a - b);
  return places.slice(1).map((end, index) => ({
    start: places[index], end, written: numbers.find(({ start }) => start === places[index])?.written,
  }));
}

const classes = (spans, from, to) => [...new Set(spans.filter(({ start, end }) => start < to && end > from).map(({ kind }) => kind))].join(" ");

function part(said, written, marksOf) {
  if (written) return html`<span class="number ${marksOf}" tabindex="-1"><span class="spoken">${said}</span><span class="written">${written}</span></span>`;
  return marksOf ? html`<span class=${marksOf}>${said}</span>` : said;
}

// Numbers that do not overlap, in order.
function inOrder(written) {
  let at = 0;
  return [...written].sort((a, b) => a.start - b.start).filter((one) => one.start >= at && (at = one.end));
}

// A filler between two pauses takes one of them with it: 我，呃，认为 reads 我，认为 without it.
export function withPause(text, { start, end }) {
  const pause = BREAK.test(text.slice(0, start)) ? PAUSES.exec(text.slice(end)) : null;
  return { start, end: end + (pause?.[0].length ?? 0) };
}
