// One's own account: another password, and signing out.
import { html, nothing } from "./vendor/lit.js";
import * as api from "./api.js";
import { Element, brand, languageSwitch } from "./element.js";
import { sentence, t } from "./i18n.js";

class OwnAccount extends Element {
  static properties = { me: { state: true }, error: { state: true }, done: { state: true } };

  async connectedCallback() {
    super.connectedCallback();
    this.me = await api.me().catch((error) => void (this.error = error));
  }

  async change(event) {
    event.preventDefault();
    const { old, fresh } = event.target.elements;
    this.done = false;
    this.error = null;
    try {
      await api.changePassword(old.value, fresh.value);
      this.done = true;
      event.target.reset();
    } catch (error) {
      this.error = error;
    }
  }

  async leave() {
    await api.logout().catch(() => {});
    location.replace("/login");
  }

  render() {
    document.title = `${t("brand")} · ${t("me.title")}`;
    return html`<header class="top">${brand()}<h1>${t("me.title")}</h1><span class="grow"></span>${languageSwitch()}</header>
      <main class="door">${this.me ? html`<section class="panel"><h2>${this.me.name}</h2>
        <p>${this.me.roles.map((role) => t(`role.${role}`)).join(" · ")}</p>
        <button type="button" @click=${this.leave}>${t("me.leave")}</button></section>` : nothing}
      <form class="panel" @submit=${this.change}><h2>${t("me.change")}</h2><p>${t("me.change.how")}</p>
        <label class="field">${t("me.old")}<input name="old" type="password" autocomplete="current-password" required></label>
        <label class="field">${t("first.password")}<input name="fresh" type="password" autocomplete="new-password" minlength="10" required></label>
        ${this.error ? html`<p class="bad" role="alert">${sentence(this.error)}</p>` : nothing}
        ${this.done ? html`<p class="ok" role="status">${t("me.changed")}</p>` : nothing}
        <button class="main">${t("me.change")}</button></form></main>`;
  }
}
customElements.define("own-account", OwnAccount);
