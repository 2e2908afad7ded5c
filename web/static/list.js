// The first page: every hearing, newest first.
import { html, nothing } from "./vendor/lit.js";
import * as api from "./api.js";
import "./find-hearings.js";
import { Element, brand, languageSwitch } from "./element.js";
import { court, sentence, t } from "./i18n.js";
import { clock, moment } from "./times.js";

const AGAIN_MS = 5000;

class HearingList extends Element {
  static properties = { hearings: { state: true }, error: { state: true }, me: { state: true } };

  connectedCallback() {
    super.connectedCallback();
    this.load();
    this.timer = setInterval(() => !document.hidden && this.load(), AGAIN_MS);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearInterval(this.timer);
  }

  async load() {
    try {
      this.me ??= await api.me();
      this.hearings = await api.hearings();
      this.error = null;
    } catch (error) {
      this.error = error;
    }
  }

  render() {
    document.title = `${t("brand")} · ${t("list.title")}`;
    return html`
      <header class="top">${brand()}<h1>${t("list.title")}</h1><span class="grow"></span>
        ${this.me ? account(this.me) : nothing}${languageSwitch()}${this.may("create") ? html`<a class="button main" href="/new">${t("list.new")}</a>` : nothing}</header>
      <main class="page">
        ${this.error ? html`<p class="banner bad" role="alert">${sentence(this.error)}</p>` : nothing}
        ${this.hearings?.length ? html`<find-hearings></find-hearings>` : nothing}
        ${this.hearings?.length ? html`<p class="list-mark">${t("list.mark")}</p>` : nothing}
        ${this.hearings?.length ? this.table() : this.hearings ? this.empty() : nothing}
      </main>`;
  }

  may(right) {
    return this.me?.rights.includes(right);
  }

  empty() {
    if (!this.may("create")) return html`<section class="empty"><h2>${t("list.empty")}</h2><p>${t("list.empty.wait")}</p></section>`;
    return html`<section class="empty"><h2>${t("list.empty")}</h2><p>${t("list.empty.do")}</p>
      <a class="button main" href="/new">${t("list.new")}</a></section>`;
  }

  table() {
    const heads = ["state", "case", "kind", "courtroom", "time", "length"];
    return html`<table class="hearings">
      <thead><tr>${heads.map((name) => html`<th scope="col">${t(`list.${name}`)}</th>`)}</tr></thead>
      <tbody>${this.hearings.map((hearing) => this.line(hearing))}</tbody></table>`;
  }

  line(hearing) {
    return html`<tr>
      <td><span class="state ${hearing.state}">${t(`state.${hearing.state}`)}</span></td>
      <td><a href="/hearings/${hearing.id}">${hearing.case_number || t("list.unnamed")}</a>${late(hearing)}</td>
      <td>${court(hearing.kind)}</td><td>${hearing.courtroom}</td>
      <td class="figure">${moment(hearing.opened_at ?? hearing.created_at)}</td>
      <td class="figure">${hearing.length_ms ? clock(hearing.length_ms) : ""}</td></tr>`;
  }
}

const account = (me) => html`${me.rights.includes("accounts") ? html`<a href="/accounts">${t("accounts.title")}</a>` : nothing}
  <a href="/me">${me.name}</a>`;

// What the recorder still had when the hearing was over: not in the sealed record, and not to be forgotten.
const late = (hearing) => (hearing.late_ms ? html`<p class="late bad small">${t("list.late", clock(hearing.late_ms))}
  <a href=${api.lateUrl(hearing.id)} download>${t("list.late.export")}</a></p>` : nothing);

customElements.define("hearing-list", HearingList);
