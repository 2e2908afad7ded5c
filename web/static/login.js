// Name and password, and back to where one came from.
import { html, nothing } from "./vendor/lit.js";
import * as api from "./api.js";
import { Element, languageSwitch } from "./element.js";
import { sentence, t } from "./i18n.js";
import { nextOf } from "./next.js";

class LoginPage extends Element {
  static properties = { error: { state: true }, busy: { state: true } };

  async enter(event) {
    event.preventDefault();
    const { name, password } = event.target.elements;
    this.busy = true;
    try {
      await api.login(name.value, password.value);
      location.replace(nextOf(new URLSearchParams(location.search).get("next")));
    } catch (error) {
      this.error = error;
      password.value = "";
      password.focus();
    }
    this.busy = false;
  }

  render() {
    document.title = `${t("brand")} · ${t("login.title")}`;
    return html`<header class="top"><span class="brand">${t("brand")}</span><span class="grow"></span>${languageSwitch()}</header>
      <main class="door"><form class="panel" @submit=${this.enter}><h1>${t("login.title")}</h1>
        <label class="field">${t("login.name")}<input name="name" autocomplete="username" required autofocus></label>
        <label class="field">${t("login.password")}<input name="password" type="password" autocomplete="current-password" required></label>
        ${this.error ? html`<p class="bad" role="alert">${sentence(this.error)}</p>` : nothing}
        <button class="main" ?disabled=${this.busy}>${t("login.enter")}</button><p class="soft small">${t("login.first")}</p></form></main>`;
  }
}
customElements.define("login-page", LoginPage);
