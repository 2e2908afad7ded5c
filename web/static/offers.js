// Earlier passages that the case's words would mend: each with before and after, to hear, to accept, to leave.
import { html, nothing, repeat } from "./vendor/lit.js";
import { t } from "./i18n.js";
import { clock } from "./times.js";

const AROUND = 10;
const LEAD_MS = 1500;

// What "all" means: never a turn that a person has checked.
export const open = (offers) => offers.filter((offer) => !offer.checked);

export function offersList(panel) {
  const { offers } = panel;
  if (!offers.length) return nothing;
  const checked = offers.filter((offer) => offer.checked);
  const free = open(offers);
  return html`<section class="offers"><h3>${t("words.offers", offers.length)}</h3><p class="soft">${t("words.offers.what")}</p>
    ${free.length > 1 ? html`<p><button type="button" class="main" data-act="all" @click=${() => panel.decide("accept", free)}>
      ${t("words.accept.all", free.length)}</button></p>` : nothing}
    ${list(panel, free)}
    ${checked.length ? html`<h4>${t("words.checked")}</h4>${list(panel, checked)}` : nothing}</section>`;
}

const keyOf = ({ turn_id, change }) => `${turn_id} ${change.at} ${change.after}`;

const list = (panel, offers) => html`<ul>${repeat(offers, keyOf, (offer) => html`<li data-offer>
  ${place(panel, offer)}
  <span class="tools"><button type="button" data-act="accept" aria-label=${`${t("words.accept")}：${told(offer)}`}
      @click=${() => panel.decide("accept", [offer])}>${t("words.accept")}</button>
    <button type="button" class="quiet" data-act="refuse" aria-label=${`${t("words.refuse")}：${told(offer)}`}
      @click=${() => panel.decide("refuse", [offer])}>${t("words.refuse")}</button></span></li>`)}</ul>`;

const told = ({ change }) => `${change.before} → ${change.after}`;

// Where it stands: the time, to hear it, and the words around it.
export function place(panel, { turn_id: id, change }) {
  const row = panel.page.record.rows.find((candidate) => candidate.key === `turn-${id}`);
  const text = row?.text ?? change.before;
  const at = row ? change.at : 0;
  const end = at + change.before.length;
  return html`<span class="where"><button type="button" class="link figure" data-act="hear" aria-label=${t("row.listen.at", clock(change.start_ms))}
      @click=${() => panel.page.hear(Math.max(0, change.start_ms - LEAD_MS))}>${t("row.listen")} ${clock(change.start_ms)}</button>
    ${at > AROUND ? "…" : ""}${text.slice(Math.max(0, at - AROUND), at)}<del>${change.before}</del><span class="visually-hidden"> → </span><ins>${change.after}</ins>${text.slice(end, end + AROUND)}${end + AROUND < text.length ? "…" : ""}</span>`;
}

// What was accepted here, to be taken back.
export function madeList(panel) {
  const { mended } = panel.page.record;
  if (!mended.length) return nothing;
  return html`<section class="made"><h3>${t("words.made")}</h3><ul>${repeat(mended, keyOf, (made) => html`<li>
    <span class="where"><span class="figure">${clock(made.change.start_ms)}</span> ${told(made)}</span>
    ${panel.page.record.live ? html`<button type="button" class="quiet" data-act="undo" aria-label=${`${t("words.undo")}：${told(made)}`}
      @click=${() => panel.undo(made)}>${t("words.undo")}</button>` : nothing}</li>`)}</ul></section>`;
}
