// What a link shows: settled text by role, large and calm. The token stands behind the # and is given up at once for a cookie.
import { html, nothing } from "./vendor/lit.js";
import * as api from "./api.js";
import { Element, languageSwitch } from "./element.js";
import { court, sentence, t } from "./i18n.js";
import { Socket } from "./socket.js";

const NEAR_PX = 80;

class LinkPage extends Element {
  static properties = { board: { state: true }, lines: { state: true }, state: { state: true }, error: { state: true } };

  constructor() {
    super();
    this.lines = [];
  }

  async connectedCallback() {
    super.connectedCallback();
    try {
      await api.openLink();
    } catch (error) {
      return void (this.error = error);
    }
    this.socket = new Socket(() => "/ws/screen", (message) => this.heard(message), (state) => this.connected(state), () => 0, () => {});
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.socket?.stop();
  }

  // What a link that is over has shown leaves the page.
  connected(state) {
    this.state = state;
    if (state === "missing") this.lines = [];
  }

  heard(message) {
    const low = innerHeight + scrollY > document.body.scrollHeight - NEAR_PX;
    this.board = message;
    this.lines = [...this.lines.slice(0, message.from), ...message.lines];
    if (low) this.updateComplete.then(() => scrollTo(0, document.body.scrollHeight));
  }

  render() {
    const { kind, stage } = this.board ?? {};
    document.title = `${t("brand")} · ${kind ? court(kind) : ""}`;
    return html`<div class="above"><header class="top"><span class="brand">${t("brand")}</span><h1>${kind ? court(kind) : ""}</h1>
        ${stage ? html`<span class="soft">${court(stage)}</span>` : nothing}<span class="grow"></span>${languageSwitch()}</header>
      <p class="notrecord">${t("not.record")}</p></div>
      <main class="screen" role="log" aria-label=${t("link.text")}>${this.body()}</main>`;
  }

  body() {
    const over = this.error ? sentence(this.error) : this.state === "missing" ? t("link.over") : null;
    if (over) return html`<p class="banner bad" role="alert">${over}</p>`;
    return html`${this.board ? this.text() : nothing}
      ${this.state === "lost" ? html`<p class="banner" role="status">${t("link.lost")}</p>` : nothing}`;
  }

  text() {
    if (this.board.blanked) return html`<p class="blanked" role="status">${t("link.blanked")}</p>`;
    if (!this.lines.length) return html`<p class="blanked soft">${t("link.waiting")}</p>`;
    return this.lines.map((line, at) => html`<p class=${line.who === this.lines[at - 1]?.who ? "more" : ""}>
      ${line.who ? html`<b>${court(line.who)}</b>` : nothing}<span>${line.text}</span></p>`);
  }
}
customElements.define("link-page", LinkPage);
