// The clerk's six opening duties (court.md H1), and what a person marks on the checklist; a mark outweighs the words.
import { html, nothing } from "./vendor/lit.js";
import * as api from "./api.js";
import { court, t } from "./i18n.js";
import { clock } from "./times.js";

// In their lawful order, with the clerk's words that prove one; what is looked for by eye is proven by a mark alone.
const OPENING = [["present", null], ["gallery", null], ["called", /请(?:公诉人|原告|当事人|诉讼参加人|诉讼参与人).{0,20}入庭/],
  ["rules", /(?:宣布|宣读)法庭(?:纪律|规则)/], ["judges", /请审判(?:长|员|人员).{0,16}入庭/], ["ready", /庭前准备.{0,8}就绪/]];
const CLERK = /书记员/;
export const keyOf = ({ duty, id, of }) => `${duty ?? id}${of}`;

export const DUTY_HANDLERS = {
  DutyMarked(record, { mark }, { by }) {
    const key = keyOf(mark);
    record.duties = new Map(record.duties);
    record.duties.delete(key);
    if (mark.state !== "heard") record.duties.set(key, { ...mark, by });
    if (!OPENING.some(([id]) => id === mark.duty)) return;
    record.remove(`duty-${mark.duty}`);
    if (mark.state === "done") record.add({ key: `duty-${mark.duty}`, kind: "duty", at: mark.at_ms, duty: mark.duty });
  },
};

// [{id, of, state, row, mark}]: missing once the hearing is opened.
export function openingDuties(record) {
  const clerk = record.rows.filter(({ kind, turn }) => kind === "turn" && !turn.suppressed && CLERK.test(record.seat(turn.seat)?.role ?? ""));
  const found = OPENING.map(([id, words]) => ({ id, of: "", row: words && clerk.find(({ text }) => words.test(text)) }));
  const late = record.stages.find(({ name }) => name !== "庭前准备") ?? null;
  return found.map(({ id, of, row }) => marked(record, { id, of, state: row ? "done" : late ? "missing" : "open", row: row ?? late }));
}

// A line of the checklist as a person marked it, or as the words tell it.
export function marked(record, line) {
  const mark = record.duties?.get(keyOf(line)) ?? null;
  return mark ? { ...line, state: mark.state === "not_done" ? "missing" : mark.state, mark } : line;
}

export class Duties {
  constructor(page) {
    this.page = page;
  }

  mark({ id, of, mark }, state, note = "") {
    return this.page.attempt(() => api.markDuty(this.page.id, { duty: id, of, state, before: mark?.state ?? "heard", note }));
  }

  get open() {
    return this.page.record.live && this.page.may("conduct");
  }

  get opening() {
    return this.open && this.page.record.hearing.kind === "庭审" ? openingDuties(this.page.record) : [];
  }

  // The next opening duty was done now.
  next() {
    const line = this.opening.find(({ state }) => state === "open" || state === "missing");
    if (line) this.mark(line, "done");
    return Boolean(line);
  }

  // The last opening duty that was marked was not done after all.
  back() {
    const line = [...(this.page.record.duties?.keys() ?? [])].map((key) => this.opening.find((one) => one.mark && keyOf(one) === key)).findLast(Boolean);
    if (line) this.mark(line, "heard");
    return Boolean(line);
  }
}

// The buttons of a line; who marked it stands beside it.
export function markButtons(page, line) {
  if (!page.duties.open) return nothing;
  const name = `${t(`duty.${line.id}`)}${line.of ? court(line.of) : ""}`;
  const button = (act, state) => html`<button type="button" class="quiet" data-act=${act} aria-label=${`${t(`duty.mark.${act}`)}: ${name}`}
    @click=${() => page.duties.mark(line, state)}>${t(`duty.mark.${act}`)}</button>`;
  if (line.mark) return html`<small class="soft">${t("duty.by", line.mark.by, clock(line.mark.at_ms))}</small> ${button("unmark", "heard")}`;
  if (line.state === "done") return button("contest", "not_done");
  return html`${button("done", "done")} ${notApplicable(page, line, name)}`;
}

// Why it does not apply is asked for: it stands on the record.
function notApplicable(page, line, name) {
  const send = (event) => {
    event.preventDefault();
    const field = event.target.elements.note;
    if (field.value.trim()) page.duties.mark(line, "na", field.value.trim());
  };
  return html`<details><summary data-act="na" aria-label=${`${t("duty.mark.na")}: ${name}`}>${t("duty.mark.na")}</summary>
    <form @submit=${send}><input name="note" required maxlength="200" aria-label=${`${t("duty.mark.why")}: ${name}`} placeholder=${t("duty.mark.why")}
      @keydown=${(event) => event.stopPropagation()}> <button class="quiet" data-act="na-send">${t("duty.mark.na")}</button></form></details>`;
}
