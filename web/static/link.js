// What a link shows: settled text by role, large and calm. The token stands behind the # and is given up at once for a cookie.
import { html, nothing } from "./vendor/lit.js";
import * as api from "./api.js";
import { Element, languageSwitch } from "./element.js";
import { court, sentence, t } from "./i18n.js";
import { Socket } from "./socket.js";

class LinkPage extends Element {
  static properties = { lines: { state: true }, kind: { state: true }, state: { state: true }, error: { state: true } };

  constructor() {
    super();
    this.lines = [];
  }

  async connectedCallback() {
    super.connectedCallback();
    const token = location.hash.slice(1);
    history.replaceState(null, "", location.pathname);
    try {
      if (token) await api.openLink(token);
    } catch (error) {
      return void (this.error = error);
    }
    this.socket = new Socket(() => "/ws/screen", (message) => this.heard(message), (state) => (this.state = state), () => 0, () => {});
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.socket?.stop();
  }

  heard(message) {
    const low = innerHeight + scrollY > document.body.scrollHeight - 80;
    this.kind = message.kind;
    this.lines = [...this.lines.slice(0, message.from), ...message.lines];
    if (low) this.updateComplete.then(() => scrollTo(0, document.body.scrollHeight));
  }

  render() {
    document.title = `${t("brand")} · ${this.kind ? court(this.kind) : ""}`;
    const over = this.error ? sentence(this.error) : this.state === "missing" ? t("link.over") : null;
    return html`<header class="top"><span class="brand">${t("brand")}</span><h1>${this.kind ? court(this.kind) : ""}</h1><span class="grow"></span>${languageSwitch()}</header>
      <p class="notrecord">${t("not.record")}</p>
      <main class="screen">${over ? html`<p class="banner bad" role="alert">${over}</p>`
        : this.lines.map((line) => html`<p><b>${line.who ? `${court(line.who)}${t("colon")}` : nothing}</b>${line.text}</p>`)}
        ${!over && this.state === "lost" ? html`<p class="banner" role="status">${t("link.lost")}</p>` : nothing}</main>`;
  }
}
customElements.define("link-page", LinkPage);
