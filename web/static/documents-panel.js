// The documents of a hearing, to take away as docx or PDF; and its faults, explained by the recordist, signed by the judge.
import * as api from "./api.js";
import { html, nothing, ref } from "./vendor/lit.js";
import { t } from "./i18n.js";
import { AskingPanel } from "./panel.js";
import "./sign-pad.js";
import { clock } from "./times.js";

const FORMS = ["pdf", "docx"];
const OPTIONS = ["evidence", "verbatim"];

export const documentsButton = (page) => html`<p class="more"><button type="button" class="link" data-act="documents"
  aria-expanded=${String(page.querySelector("documents-panel")?.dialog.value?.open ?? false)}
  @click=${() => page.querySelector("documents-panel").toggle()}>${t("documents.title")}</button></p>`;

export class DocumentsPanel extends AskingPanel {
  static properties = { ...AskingPanel.properties, documents: { state: true }, faults: { state: true }, wanted: { state: true } };

  constructor() {
    super();
    Object.assign(this, { documents: [], faults: [], wanted: { evidence: true, verbatim: false } });
  }

  first() {
    return this.dialog.value.querySelector("input, button");
  }

  async fetch() {
    [this.documents, this.faults] = await Promise.all([api.documents(this.page.id), api.faults(this.page.id)]);
  }

  render() {
    if (!this.page?.caughtUp) return html`<dialog ${ref(this.dialog)}></dialog>`;
    return html`<dialog class="side documents" ${ref(this.dialog)} aria-labelledby="documents-title" @keydown=${(event) => this.key(event)}>
      ${this.head("documents-title", t("documents.title"))}
      ${this.dialog.value?.open ? this.body() : nothing}</dialog>`;
  }

  body() {
    return html`<p class="soft">${t("documents.how")}</p>
      <p class="row">${OPTIONS.map((option) => html`<label><input type="checkbox" name=${option} .checked=${this.wanted[option]}
        @change=${(event) => { this.wanted = { ...this.wanted, [option]: event.target.checked }; }}> ${t(`documents.${option}`)}</label>`)}</p>
      <ul>${this.documents.map((one) => this.document(one))}</ul>
      ${this.faults.length ? html`<h3>${t("faults.title")}</h3><p class="soft">${t("faults.how")}</p>
        <ul class="faults">${this.faults.map((one) => this.fault(one))}</ul>
        ${this.page.may("edit") ? html`${this.explaining()}${this.reviewing()}` : nothing}` : nothing}`;
  }

  document({ name, title, secret }) {
    return html`<li data-document=${name}><span>${title.replaceAll("_", "")}${secret ? html` <b class="bad">${t("documents.secret")}</b>` : nothing}</span>
      ${FORMS.map((form) => html`<a class="button" download href=${api.documentUrl(this.page.id, name, form, this.wanted)}
        aria-label="${title.replaceAll("_", "")} ${form}">${form}</a>`)}</li>`;
  }

  fault({ gap, explanation, review, blocker }) {
    const state = blocker?.code ?? "fault_done";
    return html`<li data-fault=${gap.start_ms}><span>${clock(gap.start_ms)}–${clock(gap.end_ms)} ${t(`gap.${gap.reason}`)}</span>
      <b class=${blocker ? "bad" : "ok"}>${t(`faults.${state}`)}</b>
      ${explanation ? html`<small>${explanation.what} · ${explanation.remedy} · ${explanation.name}${review ? ` · ${review.name}` : ""}</small>` : nothing}</li>`;
  }

  // One explanation for all gaps that have none yet.
  explaining() {
    const silent = this.faults.filter(({ explanation }) => !explanation).map(({ id }) => id);
    if (!silent.length) return nothing;
    return html`<form @submit=${(event) => this.explain(event, silent)}><h3>${t("faults.explain", silent.length)}</h3>
      <label>${t("faults.what")} <textarea name="what" rows="3" maxlength="2000" required></textarea></label>
      <label>${t("faults.remedy")} <textarea name="remedy" rows="2" maxlength="2000" required></textarea></label>
      <label>${t("faults.name")} <input name="name" maxlength="100" required></label>
      <button type="submit">${t("faults.send")}</button></form>`;
  }

  explain(event, faults) {
    event.preventDefault();
    const { what, remedy, name } = event.target.elements;
    const body = { faults, what: what.value, remedy: remedy.value, name: name.value };
    return this.send(api.explainFaults(this.page.id, body), t("faults.explained"));
  }

  reviewing() {
    const waiting = this.faults.find(({ explanation, review }) => explanation && !review);
    if (!waiting) return nothing;
    return html`<section class="review"><h3>${t("faults.review")}</h3>
      <p>${waiting.explanation.what}</p><p>${waiting.explanation.remedy}</p>
      <label>${t("faults.judge")} <input name="judge" maxlength="100" required></label>
      <sign-pad @sign=${(event) => this.review(waiting.digest, event.detail.strokes)}></sign-pad></section>`;
  }

  review(digest, strokes) {
    const name = this.querySelector("[name=judge]").value;
    return this.send(api.reviewFaults(this.page.id, { digest, name, strokes }), t("faults.reviewed"));
  }
}
customElements.define("documents-panel", DocumentsPanel);
