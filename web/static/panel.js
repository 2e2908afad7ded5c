// The base of a panel beside the record: its button opens it, Escape closes it, and the focus goes back.
import { createRef, html, nothing } from "./vendor/lit.js";
import { Element } from "./element.js";
import { sentence, t } from "./i18n.js";

const CALM_MS = 300;
let front = 6; // z-index of panels (hearing.css)

export class Panel extends Element {
  static properties = { page: {}, error: { state: true }, said: { state: true } };

  constructor() {
    super();
    Object.assign(this, { error: null, said: "", asked: "", dialog: createRef() });
  }

  get record() {
    return this.page.record;
  }

  toggle() {
    if (this.dialog.value.open) this.close();
    else this.open();
  }

  open() {
    if (this.dialog.value.open) return;
    this.opener = document.activeElement;
    this.dialog.value.show();
    front += 1;
    this.dialog.value.style.zIndex = front; // panels lie in one place: the newest on top
    this.first()?.focus();
    this.drawAgain();
  }

  close() {
    this.dialog.value.close();
    this.opener?.focus();
    this.drawAgain();
  }

  // The page, for the button that opens it; and the panel itself, when nothing arrives that it would draw again for.
  drawAgain() {
    this.page.requestUpdate();
    this.requestUpdate();
  }

  // What is focused when it opens.
  first() {
    return this.dialog.value.querySelector("button");
  }

  // An Enter or Escape that ends a composition belongs to the input method (229: Safari tells it late).
  key(event) {
    const composing = event.isComposing || event.keyCode === 229;
    if (event.key === "Enter" && composing) event.preventDefault();
    if (event.key === "Escape" && !composing) this.close();
  }

  // Asks `look` again when what it depends on has changed, and is calm.
  ask(state, look) {
    if (!this.page.caughtUp || state === this.asked) return;
    this.asked = state;
    clearTimeout(this.calm);
    this.calm = setTimeout(look, CALM_MS);
  }

  head(id, title) {
    return html`<header><h2 id=${id}>${title}</h2>
        <button type="button" class="quiet" data-act="close" @click=${this.close}>${t("words.close")}</button></header>
      ${this.error ? html`<p class="banner bad" role="alert"><span>${sentence(this.error)}</span></p>` : nothing}
      <p class="ok" role="status">${this.said}</p>`;
  }
}

// A panel of what the server knows: asked anew when it opens, and while it is open whenever the record (`stamp`) changes.
export class AskingPanel extends Panel {
  static properties = { ...Panel.properties, stamp: {} };

  open() {
    super.open();
    this.asked = "";
  }

  updated() {
    if (this.dialog.value?.open) this.ask(String(this.stamp), () => this.look());
  }

  // Takes in what the panel shows (`fetch`).
  async look() {
    try {
      await this.fetch();
      this.error = null;
    } catch (error) {
      this.error = error;
    }
  }

  // What was done is said when the server took it; what it refused stays in sight.
  async send(work, said) {
    const refused = await work.then(() => null, (error) => error);
    this.said = refused ? "" : said;
    await this.look();
    this.error = refused ?? this.error;
  }
}
