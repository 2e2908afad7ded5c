// A one-time link: the first account of this machine, or a password of one's own. The token stands behind the #
// and leaves the address at once.
import { html, nothing } from "./vendor/lit.js";
import * as api from "./api.js";
import { Element, languageSwitch } from "./element.js";
import { sentence, t } from "./i18n.js";
import { nextOf } from "./next.js";

const DIFFERENT = { zh: "两次输入的密码不同，请重新输入。", en: "The two passwords differ. Type them again." };

class FirstPage extends Element {
  static properties = { error: { state: true }, busy: { state: true } };

  constructor() {
    super();
    const given = new URLSearchParams(location.hash.slice(1));
    Object.assign(this, { first: given.get("first"), choose: given.get("choose"), next: nextOf(given.get("next")) });
    history.replaceState(null, "", location.pathname);
  }

  async enter(event) {
    event.preventDefault();
    const { name, password, again } = event.target.elements;
    if (password.value !== again.value) return void (this.error = DIFFERENT);
    this.busy = true;
    try {
      await (this.first ? api.first(this.first, name.value, password.value) : api.choosePassword(this.choose, password.value));
      location.replace(this.next);
    } catch (error) {
      this.error = error;
    }
    this.busy = false;
  }

  render() {
    document.title = `${t("brand")} · ${t("first.title")}`;
    return html`<header class="top"><span class="brand">${t("brand")}</span><span class="grow"></span>${languageSwitch()}</header>
      <main class="door">${this.first || this.choose ? this.form() : html`<p class="panel">${t("first.none")}</p>`}</main>`;
  }

  form() {
    return html`<form class="panel" @submit=${this.enter}><h1>${t(this.first ? "first.title" : "first.choose")}</h1>
      ${this.first ? html`<p>${t("first.how")}</p>
        <label class="field">${t("login.name")}<input name="name" autocomplete="username" maxlength="40" required autofocus></label>` : nothing}
      <label class="field">${t("first.password")}<input name="password" type="password" autocomplete="new-password" minlength="10" required></label>
      <label class="field">${t("first.again")}<input name="again" type="password" autocomplete="new-password" required></label>
      ${this.error ? html`<p class="bad" role="alert">${sentence(this.error)}</p>` : nothing}
      ${this.first && this.error?.code === "ticket_gone" ? html`<p>${t("login.first")}</p>` : nothing}
      <button class="main" ?disabled=${this.busy}>${t("first.enter")}</button></form>`;
  }
}
customElements.define("first-page", FirstPage);
