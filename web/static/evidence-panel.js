// The evidence table: by party and number, filled while it is heard; the clerk's word outweighs what was heard.
import * as api from "./api.js";
import { html, nothing, ref } from "./vendor/lit.js";
import { court, t } from "./i18n.js";
import { AskingPanel } from "./panel.js";
import { clock } from "./times.js";

const SAID = ["name", "purpose"];
const NOTED = ["source", "original", "note"];
const VIEWS = ["authenticity", "legality", "relevance", "proof"];
const CHOICES = ["认可", "不认可", "—"];
const PARTIES = ["原告", "被告", "第三人", "公诉人", "被告人", "辩护人", "自诉人", "被害人", "上诉人", "被上诉人", "申请人", "被申请人"];
const EMPTY = { value: "", turn_id: null };

export const evidenceButton = (page) => html`<p class="more"><button type="button" class="link" data-act="evidence"
  aria-expanded=${String(page.querySelector("evidence-panel")?.dialog.value?.open ?? false)}
  @click=${() => page.querySelector("evidence-panel").toggle()}>${t("evidence.title")}</button></p>`;

const byNumber = (a, b) => a.party.localeCompare(b.party, "zh") || a.number - b.number;
const SORTS = {
  party: byNumber,
  number: (a, b) => a.number - b.number || byNumber(a, b),
  heard: (a, b) => (a.at_ms ?? Infinity) - (b.at_ms ?? Infinity) || byNumber(a, b),
  disputed: (a, b) => disputes(b) - disputes(a) || byNumber(a, b),
};
const disputes = ({ views }) => Object.values(views).flatMap((one) => Object.values(one)).filter(({ value }) => value === "不认可").length;

export class EvidencePanel extends AskingPanel {
  static properties = { ...AskingPanel.properties, exhibits: { state: true }, sort: { state: true } };

  constructor() {
    super();
    Object.assign(this, { exhibits: [], sort: "party", struck: false });
  }

  first() {
    return this.dialog.value.querySelector("select, input, button");
  }

  async fetch() {
    this.exhibits = (await api.evidence(this.page.id)).exhibits;
  }

  // Writes a cell that read `before`; "" lets what is heard count again.
  async write(exhibit, column, of, value, before) {
    if (value === before) return;
    const { party, number } = exhibit;
    await this.send(api.writeEvidence(this.page.id, { party, number, column, of, before, value }), t(value ? "evidence.written" : "evidence.heard.again"));
  }

  // Rows that were struck out stand behind the others, to be brought back.
  get rows() {
    return [...this.exhibits].sort((a, b) => !!a.cells.struck - !!b.cells.struck || SORTS[this.sort](a, b));
  }

  render() {
    if (!this.page?.caughtUp) return html`<dialog ${ref(this.dialog)}></dialog>`;
    return html`<dialog class="side evidence" ${ref(this.dialog)} aria-labelledby="evidence-title" @keydown=${(event) => this.key(event)}>
      ${this.head("evidence-title", t("evidence.title"))}
      ${this.dialog.value?.open ? this.body() : nothing}</dialog>`;
  }

  body() {
    const { rows } = this;
    return html`<p class="soft">${t("evidence.how")}</p>
      <p><label>${t("evidence.sort")} <select name="sort" .value=${this.sort} @change=${(event) => { this.sort = event.target.value; }}>
        ${Object.keys(SORTS).map((sort) => html`<option value=${sort}>${t(`evidence.sort.${sort}`)}</option>`)}</select></label></p>
      ${rows.length ? html`<div class="scroll"><table><thead><tr>${["number", ...SAID, "of", ...VIEWS, ...NOTED].map((column) => html`<th scope="col">${t(`evidence.${column}`)}</th>`)}</tr></thead>
        ${rows.map((exhibit) => this.exhibit(exhibit))}</table></div>` : html`<p class="ok">${t("evidence.none")}</p>`}
      ${this.page.readOnly ? nothing : this.adding()}`;
  }

  exhibit(exhibit) {
    const { party, number } = exhibit;
    const others = this.others(exhibit);
    const lines = Math.max(others.length, 1);
    return html`<tbody data-exhibit="${party}${number}" class=${exhibit.cells.struck ? "struck" : ""}>${[...Array(lines).keys()].map((line) => html`<tr>
      ${line ? nothing : html`<th scope="rowgroup" rowspan=${lines}>${this.label(exhibit)}</th>
        ${SAID.map((column) => html`<td rowspan=${lines}>${this.text(exhibit, column)}</td>`)}`}
      <td>${others[line] ? court(others[line]) : nothing}</td>
      ${VIEWS.map((column) => html`<td>${others[line] ? this.view(exhibit, others[line], column) : nothing}</td>`)}
      ${line ? nothing : NOTED.map((column) => html`<td rowspan=${lines}>${this.text(exhibit, column)}</td>`)}</tr>`)}</tbody>`;
  }

  // The other parties of this hearing, and whoever has said something.
  others({ party, views }) {
    const there = this.record.hearing.seats.map(({ role }) => PARTIES.findLast((one) => role.startsWith(one))).filter(Boolean);
    return [...new Set([...there, ...Object.keys(views)])].filter((one) => one !== party);
  }

  label(exhibit) {
    const { party, number, turn_id, at_ms, cells } = exhibit;
    const struck = cells.struck?.value ?? "";
    return html`${court(party)} ${t("evidence.no", number)}
      ${turn_id ? html`<button type="button" class="link figure" @click=${() => this.page.reach(`turn-${turn_id}`)}
        aria-label=${t("evidence.place", clock(at_ms))}>${clock(at_ms)}</button>` : nothing}
      ${this.page.readOnly ? nothing : html`<button type="button" class="link" data-act="strike"
        @click=${() => this.write(exhibit, "struck", "", struck ? "" : "是", struck)}>${t(struck ? "evidence.back" : "evidence.strike")}</button>`}`;
  }

  text(exhibit, column) {
    const cell = exhibit.cells[column] ?? EMPTY;
    return html`<textarea rows="2" maxlength="500" name=${column} .value=${cell.value} ?readonly=${this.page.readOnly} class=${cell.turn_id ? "heard" : ""}
      aria-label="${court(exhibit.party)} ${t("evidence.no", exhibit.number)} ${t(`evidence.${column}`)}"
      @change=${(event) => this.write(exhibit, column, "", event.target.value.trim(), cell.value)}></textarea>${this.source(cell)}`;
  }

  view(exhibit, of, column) {
    const cell = exhibit.views[of]?.[column] ?? EMPTY;
    return html`<select name=${column} .value=${cell.value} ?disabled=${this.page.readOnly} class="${cell.turn_id ? "heard" : ""} ${cell.value === "不认可" ? "no" : ""}"
      aria-label="${court(exhibit.party)} ${t("evidence.no", exhibit.number)} ${court(of)} ${t(`evidence.${column}`)}"
      @change=${(event) => this.write(exhibit, column, of, event.target.value, cell.value)}>
      <option value="" ?selected=${cell.value === ""}></option>${CHOICES.map((choice) => html`<option value=${choice} ?selected=${cell.value === choice}>${court(choice)}</option>`)}</select>${this.source(cell)}`;
  }

  // Where it was heard: to the turn.
  source({ turn_id }) {
    return turn_id ? html`<button type="button" class="link" data-act="source" title=${t("evidence.source.how")} @click=${() => this.page.reach(`turn-${turn_id}`)}>${t("evidence.said")}</button>` : nothing;
  }

  adding() {
    return html`<form class="row" @submit=${(event) => this.add(event)}>
      <label>${t("evidence.party")} <select name="party">${PARTIES.map((party) => html`<option value=${party}>${court(party)}</option>`)}</select></label>
      <label>${t("evidence.number")} <input name="number" type="number" min="1" max="300" required size="4"></label>
      <label>${t("evidence.name")} <input name="name" required maxlength="500"></label>
      <button type="submit">${t("evidence.add")}</button></form>`;
  }

  add(event) {
    event.preventDefault();
    const { party, number, name } = event.target.elements;
    const exhibit = { party: party.value, number: Number(number.value) };
    const there = this.exhibits.find((one) => one.party === exhibit.party && one.number === exhibit.number);
    this.write(exhibit, "name", "", name.value.trim(), there?.cells.name?.value ?? "");
    name.value = "";
  }
}
customElements.define("evidence-panel", EvidencePanel);
