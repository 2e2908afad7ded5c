// Who works on a hearing, and its links for parties, witnesses, the gallery and screens.
import { html, nothing } from "./vendor/lit.js";
import * as api from "./api.js";
import { auditLog } from "./audit.js";
import { Element, brand, languageSwitch } from "./element.js";
import { sentence, t } from "./i18n.js";
import { once } from "./once.js";
import { momentOf } from "./times.js";

const KINDS = ["party", "witness", "gallery", "screen"];
const roles = (account) => account.roles.map((role) => t(`role.${role}`)).join(" · ");

class HearingPeople extends Element {
  static properties = { named: { state: true }, links: { state: true }, error: { state: true }, given: { state: true }, log: { state: true } };

  connectedCallback() {
    super.connectedCallback();
    this.id = decodeURIComponent(location.pathname.split("/")[2]);
    this.attempt(() => {});
  }

  async attempt(work) {
    this.error = null;
    try {
      await work();
      [this.named, this.links, this.log] = await Promise.all([api.people(this.id), api.links(this.id), api.audit(this.id)]);
    } catch (error) {
      this.error = error;
    }
  }

  add(event) {
    event.preventDefault();
    const { account } = event.target.elements;
    this.attempt(() => api.addPerson(this.id, account.value));
  }

  make(event) {
    event.preventDefault();
    const form = event.target;
    const { kind, label, hours } = form.elements;
    this.attempt(async () => {
      const { token } = await api.makeLink(this.id, kind.value, label.value, Number(hours.value));
      this.given = { about: t("links.made", label.value), text: `${location.origin}/link#${token}` };
      label.value = "";
      this.updateComplete.then(() => this.querySelector(".once input").focus());
    });
  }

  render() {
    document.title = `${t("brand")} · ${t("people.title")}`;
    return html`<header class="top">${brand()}<h1>${t("people.title")}</h1><span class="grow"></span>${languageSwitch()}
        <a class="button" href="/hearings/${this.id}">${t("people.back")}</a></header>
      <main class="page">${this.error ? html`<p class="banner bad" role="alert">${sentence(this.error)}</p>` : nothing}
        ${once(this.given)} ${this.named ? this.people() : nothing} ${this.links ? this.given_links() : nothing} ${auditLog(this.log)}</main>`;
  }

  people() {
    const { people, others } = this.named;
    return html`<section class="panel"><h2>${t("people.who")}</h2><p>${t("people.how")}</p>
      ${people.map((one) => html`<div class="person"><strong>${one.name}</strong><span class="soft">${roles(one)}</span>
        <span class="tools"><button type="button" @click=${() => this.attempt(() => api.removePerson(this.id, one.id))}>${t("people.remove")}</button></span></div>`)}
      ${others.length ? html`<form class="person" @submit=${this.add}><select name="account" aria-label=${t("people.add")}>
          ${others.map((one) => html`<option value=${one.id}>${one.name}（${roles(one)}）</option>`)}</select><span></span>
        <span class="tools"><button class="main">${t("people.add")}</button></span></form>` : nothing}</section>`;
  }

  given_links() {
    return html`<section class="panel"><h2>${t("links.title")}</h2><p>${t("links.how")}</p>
      ${this.links.map((link) => this.link(link))}
      <form class="person" @submit=${this.make}>
        <span class="line"><select name="kind" aria-label=${t("links.kind")}>${KINDS.map((kind) => html`<option value=${kind}>${t(`link.${kind}`)}</option>`)}</select>
          <input name="label" aria-label=${t("links.label")} placeholder=${t("links.label")} maxlength="60" required></span>
        <label class="line">${t("links.hours")} <input name="hours" type="number" min="1" max="168" value="12" required></label>
        <span class="tools"><button class="main">${t("links.make")}</button></span></form></section>`;
  }

  link(link) {
    const over = link.withdrawn || link.expires_s * 1000 < Date.now();
    return html`<div class="person ${over ? "off" : ""}"><strong>${t(`link.${link.kind}`)} · ${link.label}</strong>
      <span class="soft">${link.withdrawn ? t("links.withdrawn") : t("links.until", momentOf(link.expires_s))}</span>
      <span class="tools">${over ? nothing : html`<button type="button" @click=${() => this.attempt(() => api.withdrawLink(this.id, link.id))}>${t("withdraw")}</button>`}</span></div>`;
  }
}
customElements.define("hearing-people", HearingPeople);
