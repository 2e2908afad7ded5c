// The record as a judge reads it: turns by role, stages and pauses; in chunks like the clerk's (rows.js).
import { guard, html, nothing } from "./vendor/lit.js";
import { court, language, t, voice } from "./i18n.js";
import { clock } from "./times.js";

const CHUNK = 40;
const SHOWN = { turn: ({ turn }) => !turn.suppressed, stage: () => true, pause: () => true };

export function benchRows(page) {
  const rows = page.record.rows.filter((row) => SHOWN[row.kind]?.(row));
  const count = Math.ceil(rows.length / CHUNK);
  page.drawn.grow(count, page.record.live);
  return [...Array(count).keys()].map((number) => html`<section class="chunk">${page.drawn.has(number) ? chunk(page, rows, number) : nothing}</section>`);
}

function chunk(page, rows, number) {
  const part = rows.slice(number * CHUNK, (number + 1) * CHUNK);
  const before = rows[number * CHUNK - 1];
  return guard([language(), page.record.seatsChanged, page.noted, page.rights, before, ...part], () =>
    part.map((row, at) => DRAW[row.kind](page, row, at ? part[at - 1] : before)));
}

const who = (record, turn) => {
  const seat = record.seat(turn.seat);
  return seat ? { role: court(seat.role), person: seat.person } : { role: voice(turn.speaker) || t("seat.channel", turn.channel + 1), person: "" };
};

const DRAW = {
  turn(page, row, before) {
    const { role, person } = who(page.record, row.turn);
    const same = before?.kind === "turn" && before.turn.seat === row.turn.seat && before.turn.speaker === row.turn.speaker;
    const noted = page.noted.has(row.turn.id);
    return html`<article class="turn c${page.record.colour(row.turn.seat)} ${same ? "same" : ""} ${noted ? "noted" : ""}" data-key=${row.key} tabindex="-1"
      aria-label=${`${role} ${person} ${clock(row.at)}`}><p class="who">${role}<small>${person}</small></p><p class="said">${row.text}</p>
      <p class="beside"><time class="figure">${clock(row.at)}</time>${page.rights.includes("notes")
        ? html`<button type="button" class="jot quiet" tabindex="-1" aria-label=${t("bench.jot")} title=${t("bench.jot")}>✎</button>` : nothing}</p></article>`;
  },
  stage: (page, row) => html`<p class="stage-row"><span>${court(row.name)}</span></p>`,
  pause: (page, row) => html`<p class="stage-row"><span>${row.end === null
    ? t("row.pause.open", clock(row.at), court(row.reason)) : t("row.pause", clock(row.at), clock(row.end), court(row.reason))}</span></p>`,
};

// The newest words that are not settled: one line, grey.
export function newest({ record, tentative }) {
  const line = [...tentative.values()].sort((a, b) => a.start_ms - b.start_ms).at(-1);
  if (!line) return nothing;
  const seat = record.seat(line.seat) ?? record.seatOfChannel(line.channel);
  return html`<div class="turn tentative"><p class="who">${court(seat?.role ?? "")}</p>
    <p class="said" aria-label=${t("live.tentative")}>${line.text}</p></div>`;
}
