// The record as rows: turns, stages, pauses, gaps, what was held back or missed. Drawn in chunks, so that a new
// turn costs one chunk, and those in sight first (chunks.js), so that a hearing of 5,000 turns opens fast.
import { guard, html, nothing, repeat } from "./vendor/lit.js";
import { held, listen, restored } from "./held.js";
import { court, language, t, voice } from "./i18n.js";
import { isUnsure } from "./lanes.js";
import { marked } from "./marks.js";
import { verbatim } from "./texts.js";
import { clock } from "./times.js";

const CHUNK = 40;

export function rows(page) {
  const { record, drawn } = page;
  const count = Math.ceil(record.rows.length / CHUNK);
  drawn.grow(count, record.live);
  return [...Array(count).keys()].map((number) => html`<section class="chunk">${drawn.has(number) ? chunk(page, number) : nothing}</section>`);
}

function chunk(page, number) {
  const part = page.record.rows.slice(number * CHUNK, (number + 1) * CHUNK);
  return guard([language(), page.record.seatsChanged, page.readOnly, ...part], () =>
    repeat(part, ({ key }) => key, (row) => DRAW[row.kind](page, row))); // keyed: what comes before does not move the rest
}

const span = (start, end) => [clock(start), clock(end)];

const DRAW = {
  turn(page, row) {
    const { turn, text } = row;
    if (turn.suppressed) return held(page, row);
    const seat = page.record.seat(turn.seat);
    const who = seat ? seat.short || court(seat.role) : voice(turn.speaker) || t("seat.channel", turn.channel + 1);
    const name = seat ? `${court(seat.role)} ${seat.person}`.trim() : who;
    const full = isUnsure(turn) ? t("who.unsure", name) : name;
    return html`<article class="turn c${page.record.colour(turn.seat)}${isUnsure(turn) ? " unsure" : ""}${turn.state === "confirmed" ? " confirmed" : ""}" data-key=${row.key}>
      <button type="button" class="at" tabindex="-1" aria-label=${t("row.listen.at", clock(row.at))}>${clock(row.at)}</button>
      <span class="who" title=${full}><span aria-hidden="true">${who}</span><span class="visually-hidden">${full}</span></span>
      <p class="said">${marked(text, row.marks, turn)}</p>${standing(turn)}${mended(turn)}${restored(page, row)}</article>`;
  },
  duty: (page, row) => note(row, t("row.duty", clock(row.at), t(`duty.${row.duty}`))),
  stage: (page, row) => html`<div class="stage-row" data-key=${row.key}><span>${clock(row.at)} ${court(row.name)}</span></div>`,
  pause(page, row) {
    return note(row, row.end === null
      ? t("row.pause.open", clock(row.at), court(row.reason))
      : t("row.pause", ...span(row.at, row.end), court(row.reason)));
  },
  gap(page, row) {
    const { gap } = row;
    const why = t(`gap.${gap.reason}`);
    return note(row, gap.channel === null
      ? t("row.gap", ...span(gap.start_ms, gap.end_ms), why)
      : t("row.gap.channel", ...span(gap.start_ms, gap.end_ms), gap.channel + 1, why), "bad");
  },
  clock: (page, row) => note(row, t("row.clock", clock(row.at), row.step.step_ms / 1000), "warn"),
  missed(page, row) {
    const { missed } = row;
    return html`<div class="held" data-key=${row.key}>${t("row.missed", ...span(missed.start_ms, missed.end_ms))}
      ${listen(page, missed.start_ms)}</div>`;
  },
};

// How far the turn is checked, its marks, and what was heard where a person wrote something else.
function standing(turn) {
  const tags = turn.tags ?? [];
  const [confirmed, edited] = [turn.state === "confirmed", Boolean(turn.heard)];
  if (!confirmed && !edited && !tags.length) return nothing;
  return html`<p class="standing">${tags.map((tag) => html`<span class="tag">${court(tag)}</span>`)}
    ${edited ? html`<span class="is-edited">${t("row.edited")}</span>` : nothing}
    ${confirmed ? html`<span class="ok">✓ ${t("row.confirmed")}</span>` : nothing}
    ${edited ? html`<span class="heard">${t("row.heard", verbatim(turn))}</span>` : nothing}</p>`;
}

// What the case's own words put right: the record never hides what was heard.
function mended(turn) {
  const made = (turn.changes ?? []).filter((change) => change.reason !== "doubt");
  if (!made.length) return nothing;
  return html`<p class="mended">${t("row.mended", made.map((change) => `${change.before} → ${change.after}`).join("，"))}</p>`;
}

const note = (row, sentence, mood = "") => html`<div class="note ${mood}" data-key=${row.key}>${sentence}</div>`;

// Words that are still being recognized, a line per channel.
export function tentative(page) {
  const lines = [...page.tentative.values()].sort((a, b) => a.start_ms - b.start_ms);
  return lines.map((line) => {
    const seat = page.record.seat(line.seat) ?? page.record.seatOfChannel(line.channel);
    return html`<div class="turn tentative c${page.record.colour(seat?.id)}" data-channel=${line.channel}>
      <span class="at">${clock(line.start_ms)}</span>
      <span class="who">${seat?.short || court(seat?.role ?? "") || t("seat.channel", line.channel + 1)}</span>
      <p class="said"><span>${line.text}</span>
        <small>${t("live.tentative")}</small></p></div>`;
  });
}
