// The base of every element of the pages: light DOM (printable, one style sheet), renders again on a new language.
import { LitElement, html } from "./vendor/lit.js";
import { choose, language, t } from "./i18n.js";

export class Element extends LitElement {
  createRenderRoot() {
    return this;
  }

  connectedCallback() {
    super.connectedCallback();
    this.again = () => this.requestUpdate();
    window.addEventListener("language", this.again);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    window.removeEventListener("language", this.again);
  }

  // What goes wrong is shown until the next attempt.
  async attempt(work) {
    this.error = null;
    try {
      await work();
    } catch (error) {
      this.error = error;
    }
    this.requestUpdate();
  }
}

export const languageSwitch = () => html`
  <button class="quiet" type="button" lang=${language() === "zh" ? "en" : "zh-CN"} aria-label=${t("language.label")}
    @click=${() => choose(language() === "zh" ? "en" : "zh")}>${t("language")}</button>`;

export const brand = () => html`<a class="brand" href="/" aria-label=${`${t("brand")}: ${t("back")}`}>${t("brand")}</a>`;
