// The clerk's panel of signatures: who is to sign and how far they are, their links, and decisions on what they ask for.
import { html, nothing, ref } from "./vendor/lit.js";
import * as api from "./api.js";
import { court, t } from "./i18n.js";
import { Panel } from "./panel.js";
import { qr } from "./qr.js";
import { state, words } from "./sign-told.js";
import { clock, moment } from "./times.js";

const AGAIN_MS = 4000;
const named = ({ role, name }) => `${court(role)} ${name === role ? "" : name}`.trim();

export class SigningPanel extends Panel {
  static properties = { ...Panel.properties, stamp: {}, stand: {}, link: { state: true }, passing: { state: true } };

  constructor() {
    super();
    Object.assign(this, { link: null, passing: null, played: new Set(), anyway: new Set() });
  }

  open() {
    super.open();
    this.page.signing.look();
    clearInterval(this.timer);
    this.timer = setInterval(() => (this.dialog.value?.open ? document.hidden || this.page.signing.look() : clearInterval(this.timer)), AGAIN_MS);
  }

  close() {
    this.link = null; // its token is shown once
    super.close();
  }

  // Does it, says what was done, and looks how all stands.
  async act(work, said = "") {
    this.said = "";
    this.error = await Promise.resolve(work()).then((told) => {
      this.said = told ?? said;
      return null;
    }, (error) => error);
    await this.page.signing.look();
  }

  give(who) {
    return this.act(async () => {
      this.link = { who, ...(await api.signatoryLink(this.page.id, who.id)) };
      await this.updateComplete;
      this.querySelector(".given input")?.focus();
    });
  }

  grant(asked, form) {
    const { request, now } = asked;
    const body = { before: now, after: form.elements.after.value, reason: form.elements.reason.value, played: this.played.has(request.id), anyway: this.anyway.has(request.id) };
    return this.act(async () => {
      const { uncovered } = await api.grantRequest(this.page.id, request.id, body).catch((error) => {
        if (error.code === "not_their_own") this.anyway.add(request.id);
        throw error;
      });
      return uncovered.length ? `${t("signing.granted")} ${t("signing.lost", uncovered.join("、"))}` : t("signing.granted");
    });
  }

  refuse({ request }, form) {
    const body = { reason: form.elements.reason.value, played: this.played.has(request.id) };
    return this.act(() => api.refuseRequest(this.page.id, request.id, body), t("signing.refused"));
  }

  // Heard before deciding: it goes on the record that it was (court.md E4).
  hear({ request }) {
    this.played.add(request.id);
    this.page.hear(request.start_ms);
  }

  render() {
    if (!this.page?.caughtUp) return html`<dialog ${ref(this.dialog)}></dialog>`;
    return html`<dialog class="side signing" ${ref(this.dialog)} aria-labelledby="signing-title" @keydown=${(event) => this.key(event)}>
      ${this.head("signing-title", t("signing.title"))} ${this.stand && this.dialog.value?.open ? this.body() : nothing}</dialog>`;
  }

  body() {
    const { signatories, requests, complete } = this.stand;
    const lost = this.page.signing.lost.map(({ signatory }) => named(signatory));
    const missing = signatories.filter(({ state }) => !["signed", "refused"].includes(state)).length;
    return html`<p class="soft">${t("signing.how")}</p>
      ${complete ? html`<p class="ok">✓ ${t("signing.complete")}</p>` : signatories.length ? html`<p class="warn">${t("signing.missing", missing)}</p>` : html`<p>${t("signing.none")}</p>`}
      ${lost.length ? html`<p class="bad" role="alert">${t("signing.lost", lost.join("、"))}</p>` : nothing}
      ${this.link ? this.given() : nothing}
      <ul class="people">${signatories.map((one) => this.person(one))}</ul>
      <p class="row"><button type="button" data-act="seats" @click=${() => this.act(() => api.nameSeats(this.page.id))}>${t("signing.seats")}</button></p>${this.adding()}
      <h3>${t("signing.requests")}</h3>${requests.length ? html`<ol>${requests.map((one) => this.request(one))}</ol>` : html`<p class="soft">${t("signing.requests.none")}</p>`}`;
  }

  given() {
    const { who, url, qr: rows } = this.link;
    return html`<section class="given" role="status"><p><b>${t("signing.link.made", named(who))}</b> ${t("once.how")}</p>${qr(rows, t("signing.qr"))}
      <input readonly .value=${url} aria-label=${t("signing.link")} @focus=${(event) => event.target.select()}>
      <button type="button" @click=${() => { this.link = null; }}>${t("signing.link.hide")}</button></section>`;
  }

  person({ signatory, state: stands, overdue, signature }) {
    const { id, due, office, scope } = signatory;
    const done = Boolean(signature);
    const mood = { signed: "ok", refused: "warn", changed: "bad" }[stands] ?? "soft";
    return html`<li data-signatory=${signatory.role}><b>${named(signatory)}</b> <span class="state-of ${mood}">${t(`signing.state.${stands}`)}${signature?.at ? ` ${moment(signature.at)}` : ""}</span>
      <small class="soft">${scope === "own" ? `${t("signing.scope.own")} · ` : ""}${done ? signature.reason : t("signing.due", moment(due))} ${overdue ? html`<b class="warn">${t("signing.overdue")}</b>` : nothing}</small>
      <span class="tools">${stands === "signed" ? nothing : html`<button type="button" data-act="link" @click=${() => this.give(signatory)}>${t("signing.link")}</button>`}
        ${done || office !== "participant" ? nothing : html`<button type="button" class="quiet" @click=${() => this.act(() => api.signatoryDue(this.page.id, id, overdue ? 5 : 0))}>${t(overdue ? "signing.days" : "signing.in.court")}</button>`}
        ${overdue ? html`<button type="button" class="quiet" data-act="pass" @click=${() => { this.passing = id; }}>${t("signing.pass")}</button>` : nothing}
        ${done ? nothing : html`<button type="button" class="quiet" data-act="remove" @click=${() => this.act(() => api.removeSignatory(this.page.id, id))}>${t("signing.remove")}</button>`}</span>
      ${this.passing === id ? this.pass(id) : nothing}</li>`;
  }

  pass(id) {
    const send = (event) => {
      event.preventDefault();
      this.passing = null;
      this.act(() => api.passOver(this.page.id, id, event.target.elements.reason.value));
    };
    return html`<form class="row" @submit=${send}><label>${t("signing.pass.why")} <input name="reason" required maxlength="500"></label> <button>${t("signing.pass.do")}</button></form>`;
  }

  adding() {
    const send = (event) => {
      event.preventDefault();
      const { name, role, scope } = event.target.elements;
      const who = { name: name.value.trim(), role: role.value.trim(), office: "participant", scope: scope.value, days: 5 };
      this.act(() => api.nameSignatory(this.page.id, who)).then(() => this.error || event.target.reset());
    };
    return html`<details><summary>${t("signing.add")}</summary><form class="row" @submit=${send}>
      <label>${t("signing.name")} <input name="name" required maxlength="60"></label> <label>${t("signing.role")} <input name="role" required maxlength="60"></label>
      <label>${t("signing.scope")} <select name="scope">${["whole", "own"].map((one) => html`<option value=${one}>${t(`signing.scope.${one}`)}</option>`)}</select></label>
      <button>${t("signing.add.do")}</button></form></details>`;
  }

  request(asked) {
    const { request, name, own, decision, now } = asked;
    const row = `turn-${request.turn_id}`;
    return html`<li data-request=${request.id}><b>${name}</b> ${court(request.kind)} <small class="figure">${clock(request.start_ms)}</small>
      ${own ? nothing : html`<small class="warn">${t("signing.not.own")}</small>`}
      <p class="asked">${words(request)}</p>${request.note ? html`<p class="soft">${request.note}</p>` : nothing}
      <p class="row"><button type="button" class="link" @click=${() => this.hear(asked)}>${t("signing.hear")}</button>
        ${now ? html`<button type="button" class="link" @click=${() => this.page.reach(row)}>${t("signing.go")}</button>` : nothing}</p>
      ${decision ? state(decision) : this.deciding(asked)}</li>`;
  }

  deciding(asked) {
    const { request, now, then } = asked;
    const form = (event) => event.target.closest("form");
    return html`<form @submit=${(event) => { event.preventDefault(); this.grant(asked, event.target); }}>
      ${now ? html`<label>${t("signing.after")}<textarea name="after" rows="2" .value=${then}></textarea></label>` : html`<p class="warn">${t("signing.gone")}</p>`}
      <label>${t("signing.reason")}<input name="reason" maxlength="500"></label>
      <p class="row">${now ? html`<button class="main" data-act="grant">${t(this.anyway.has(request.id) ? "signing.grant.anyway" : "signing.grant")}</button>` : nothing}
        <button type="button" data-act="refuse" @click=${(event) => this.refuse(asked, form(event))}>${t("signing.refuse")}</button></p></form>`;
  }
}
customElements.define("signing-panel", SigningPanel);
