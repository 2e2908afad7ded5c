// Every key on one sheet, on "?": what it does, and by a press which other key shall do it.
import { html, ref } from "./vendor/lit.js";
import { t } from "./i18n.js";
import { ACTIONS, PRESETS, keyOf, keymap, shown } from "./keymap.js";
import { Panel } from "./panel.js";

const ALONE = ["Shift", "Control", "Alt", "Meta", "Process", "Dead", "CapsLock", "Tab"];

export class KeySheet extends Panel {
  static properties = { ...Panel.properties, asks: { state: true } };

  key(event) {
    if (!this.asks || event.isComposing || event.keyCode === 229) return super.key(event);
    event.preventDefault();
    event.stopPropagation();
    if (ALONE.includes(event.key)) return undefined;
    if (event.key !== "Escape") keymap.bind(this.asks, keyOf(event));
    this.asks = null;
    return this.page.requestUpdate();
  }

  render() {
    return html`<dialog class="side key-sheet" ${ref(this.dialog)} aria-labelledby="key-sheet-title" @keydown=${(event) => this.key(event)}>
      ${this.head("key-sheet-title", t("keys.title"))}
      <p class="soft">${t("keys.how")}</p>
      <label class="small">${t("keys.preset")} <select data-act="preset" @change=${(event) => this.choose(event.target.value)}>
        ${Object.keys(PRESETS).map((name) => html`<option value=${name} ?selected=${name === keymap.preset}>${t(`keys.preset.${name}`)}</option>`)}</select></label>
      <table><tbody>${ACTIONS.map(([id]) => this.line(id))}</tbody></table></dialog>`;
  }

  line(id) {
    const [name, number] = id.split(".");
    const words = Number(number) ? t(`key.${name}`, number) : t(`key.${id}`);
    const asked = this.asks === id;
    return html`<tr data-action=${id}><th scope="row">${words}</th><td><button type="button" class="quiet" aria-pressed=${asked}
        aria-label=${t("keys.change", words)} @click=${() => { this.asks = id; }}>
        ${asked ? t("keys.press") : keymap.keysOf(id).map((key) => html`<kbd>${shown(key)}</kbd> `)}</button>
      ${keymap.own[id] ? html`<button type="button" class="link" @click=${() => this.reset(id)}>${t("keys.reset")}</button>` : ""}</td></tr>`;
  }

  choose(preset) {
    keymap.choose(preset);
    this.page.requestUpdate();
    this.requestUpdate();
  }

  reset(id) {
    keymap.reset(id);
    this.requestUpdate();
  }
}
customElements.define("key-sheet", KeySheet);
