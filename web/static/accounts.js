// The technician's page: accounts with their roles, and recorders with their keys.
import { html, nothing } from "./vendor/lit.js";
import * as api from "./api.js";
import { auditLog } from "./audit.js";
import { Element, brand, languageSwitch } from "./element.js";
import { sentence, t } from "./i18n.js";
import { once } from "./once.js";
import { momentOf } from "./times.js";

const ROLES = ["technician", "clerk", "judge", "committee", "archivist"];
const linkOf = (token) => `${location.origin}/first#choose=${token}`;
const chosen = (form) => ROLES.filter((role) => form.elements[role].checked);

class AccountList extends Element {
  static properties = { accounts: { state: true }, keys: { state: true }, error: { state: true }, given: { state: true }, log: { state: true } };

  connectedCallback() {
    super.connectedCallback();
    this.attempt(() => {});
  }

  // Does it, says what went wrong, and shows what is so now.
  async attempt(work) {
    this.error = null;
    try {
      await work();
      [this.accounts, this.keys, this.log] = await Promise.all([api.accounts(), api.recorderKeys(), api.audit()]);
    } catch (error) {
      this.error = error;
      this.requestUpdate();
    }
  }

  give(about, text) {
    this.given = { about, text };
    this.updateComplete.then(() => this.querySelector(".once input").focus());
  }

  add(event) {
    event.preventDefault();
    const form = event.target;
    const name = form.elements.name.value;
    this.attempt(async () => {
      const { token } = await api.addAccount(name, chosen(form));
      form.reset();
      this.give(t("accounts.link", name), linkOf(token));
    });
  }

  reset(account) {
    this.attempt(async () => this.give(t("accounts.link", account.name), linkOf((await api.resetAccount(account.id)).token)));
  }

  enrol(event) {
    event.preventDefault();
    const form = event.target;
    const name = form.elements.name.value;
    this.attempt(async () => {
      const { code } = await api.recorderCode(name);
      form.reset();
      this.give(t("recorders.code", name), `tingji recorder enrol ${code} --server ${location.origin}`);
    });
  }

  render() {
    document.title = `${t("brand")} · ${t("accounts.title")}`;
    return html`<header class="top">${brand()}<h1>${t("accounts.title")}</h1><span class="grow"></span>${languageSwitch()}</header>
      <main class="page">${this.error ? html`<p class="banner bad" role="alert">${sentence(this.error)}</p>` : nothing}
        ${once(this.given)} ${this.accounts ? this.table() : nothing} ${this.keys ? this.recorders() : nothing} ${auditLog(this.log)}</main>`;
  }

  table() {
    return html`<section class="panel"><h2>${t("accounts.title")}</h2>
      ${this.accounts.map((account) => this.line(account))}
      <form class="person" @submit=${this.add}><input name="name" aria-label=${t("login.name")} placeholder=${t("accounts.name")} maxlength="40" required>
        ${this.roles({ roles: ["clerk"] })}<span class="tools"><button class="main">${t("accounts.add")}</button></span></form></section>`;
  }

  line(account) {
    const change = (event) => this.attempt(() => api.setRoles(account.id, chosen(event.currentTarget)));
    return html`<form class="person ${account.disabled ? "off" : ""}" aria-label=${account.name} @change=${change} @submit=${(event) => event.preventDefault()}>
      <strong>${account.name}${account.disabled ? html` <small class="warn">${t("accounts.off")}</small>` : nothing}
        ${account.ready ? nothing : html` <small class="soft">${t("accounts.waiting")}</small>`}</strong>
      ${this.roles(account)}
      <span class="tools"><button type="button" @click=${() => this.reset(account)}>${t("accounts.reset")}</button>
        <button type="button" @click=${() => this.attempt(() => api.disableAccount(account.id, !account.disabled))}>
          ${t(account.disabled ? "accounts.enable" : "accounts.disable")}</button></span></form>`;
  }

  roles(account) {
    return html`<span class="roles">${ROLES.map((role) => html`<label><input type="checkbox" name=${role}
      .checked=${account.roles.includes(role)}> ${t(`role.${role}`)}</label>`)}</span>`;
  }

  recorders() {
    return html`<section class="panel"><h2>${t("recorders.title")}</h2><p>${t("recorders.how")}</p>
      ${this.keys.map((key) => html`<div class="person"><strong>${key.name}</strong>
        <span class="soft">${t("recorders.since", momentOf(key.enrolled_s))}</span>
        <span class="tools"><button type="button" @click=${() => this.attempt(() => api.withdrawRecorder(key.name))}>${t("withdraw")}</button></span></div>`)}
      <form class="person" @submit=${this.enrol}><input name="name" aria-label=${t("recorders.name")} placeholder=${t("recorders.name")} maxlength="40" required>
        <span></span><span class="tools"><button class="main">${t("recorders.add")}</button></span></form></section>`;
  }
}
customElements.define("account-list", AccountList);
