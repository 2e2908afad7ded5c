// The short codes: standing sentences by one key into the open turn, the clerk's own with their import.
import { createRef, html, nothing, ref } from "./vendor/lit.js";
import * as api from "./api.js";
import { LONGEST, SENTENCES, readList, textOf } from "./codes.js";
import { t } from "./i18n.js";
import { Panel } from "./panel.js";

const KEYS = "123456789abcdefghijklmnopqrstuvwxyz";

export class CodePanel extends Panel {
  static properties = { ...Panel.properties, seats: {}, wanted: { state: true }, offered: { state: true } };

  constructor() {
    super();
    Object.assign(this, { wanted: "", offered: null, before: null, field: createRef() });
  }

  get codes() {
    return this.page.codes;
  }

  updated(changed) {
    if (this.page?.caughtUp) this.ask(String(this.seats), () => this.learn());
    super.updated?.(changed);
  }

  async learn() {
    const found = await api.codes(this.page.id).catch(() => null);
    if (found) this.codes.case = new Map(Object.entries(found.codes));
    this.requestUpdate();
  }

  // Its list is drawn only now.
  open() {
    super.open();
    this.updateComplete.then(() => this.first().focus());
  }

  first() {
    return this.dialog.value.querySelector("ol button") ?? super.first();
  }

  key(event) {
    const text = !event.target.matches("input, textarea") && !event.ctrlKey && !event.altKey && !event.isComposing && [...SENTENCES.values()][KEYS.indexOf(event.key)];
    if (!text || event.key.length > 1) return super.key(event);
    event.preventDefault();
    return this.put(text);
  }

  // Into the turn that is edited, where its caret was.
  put(text) {
    this.close();
    if (!this.page.editing.insert(text)) this.page.speaking.tell(t("codes.where"));
  }

  save(event) {
    event.preventDefault();
    const { code, text } = event.target.elements;
    this.before = this.codes.own;
    this.codes.keep(new Map([...this.codes.own, [code.value.toLowerCase(), text.value.trim()]]));
    this.said = t("codes.saved");
    event.target.reset();
  }

  drop(code) {
    this.before = this.codes.own;
    this.codes.keep(new Map([...this.codes.own].filter(([one]) => one !== code)));
    this.said = t("codes.dropped");
  }

  undo() {
    this.codes.keep(this.before);
    this.before = null;
    this.said = t("who.undone");
  }

  async chosen(event) {
    const [file] = event.target.files;
    if (file) this.offered = readList(await textOf(file));
    event.target.value = "";
  }

  take() {
    this.before = this.codes.own;
    this.codes.keep(new Map([...this.codes.own, ...this.offered.codes]));
    this.said = t("codes.imported", this.offered.codes.size);
    this.offered = null;
  }

  render() {
    if (!this.page?.caughtUp) return html`<dialog ${ref(this.dialog)}></dialog>`;
    return html`<dialog class="side codes" ${ref(this.dialog)} aria-labelledby="codes-title" @keydown=${(event) => this.key(event)}>
      ${this.head("codes-title", t("codes.title"))}
      ${this.dialog.value?.open ? html`<p class="soft">${t("codes.how")}</p>
        ${this.before ? html`<p><button type="button" data-act="undo" @click=${() => this.undo()}>${t("codes.undo")}</button></p>` : nothing}
        <h3>${t("codes.sentences")}</h3>
        <ol>${[...SENTENCES].map(([code, text], index) => html`<li><button type="button" class="quiet" @click=${() => this.put(text)}>
          <kbd>${KEYS[index].toUpperCase()}</kbd> <span lang="zh">${text}</span> <code>${code}</code></button></li>`)}</ol>
        ${this.list()} ${this.own()} ${this.importing()}` : nothing}</dialog>`;
  }

  list() {
    const shown = this.codes.all.filter(({ source, code, text }) => source !== "sentence" && `${code} ${text}`.includes(this.wanted));
    return html`<h3>${t("codes.all")}</h3>
      <input name="wanted" aria-label=${t("codes.find")} placeholder=${t("codes.find")} @input=${(event) => { this.wanted = event.target.value.trim(); }}>
      <table><tbody>${shown.map(({ code, text, source, hides }) => html`<tr data-code=${code}><th scope="row"><code>${code}</code></th>
        <td><span lang="zh">${text}</span>${hides ? html` <small class="warn">${t("codes.hides", hides)}</small>` : nothing}</td><td><small>${t(`codes.${source}`)}</small>
        ${source === "own" ? html`<button type="button" class="link" data-act="drop" aria-label=${t("codes.drop.of", code)} @click=${() => this.drop(code)}>${t("codes.drop")}</button>` : nothing}</td></tr>`)}</tbody></table>`;
  }

  own() {
    return html`<form class="row" @submit=${(event) => this.save(event)}>
      <label>${t("codes.code")} <input name="code" required pattern="[A-Za-z][A-Za-z0-9]*" maxlength="20" size="8" autocomplete="off"></label>
      <label>${t("codes.text")} <input name="text" required maxlength=${LONGEST} autocomplete="off"></label>
      <button type="submit">${t("codes.add")}</button></form>`;
  }

  // What is in the list is shown before it counts.
  importing() {
    const { offered } = this;
    return html`<p><label class="button">${t("codes.import")} <input type="file" accept=".txt,.ini,.yaml,.csv,text/plain" @change=${(event) => this.chosen(event)}></label></p>
      ${offered ? html`<p role="status">${t("codes.offered", offered.codes.size)} ${offered.unread.length ? t("codes.unread", offered.unread.slice(0, 20).join("、")) : nothing}</p>
        <table class="offered"><tbody>${[...offered.codes].slice(0, 50).map(([code, text]) => html`<tr><th scope="row"><code>${code}</code></th><td>${text}</td></tr>`)}</tbody></table>
        <p><button type="button" class="main" data-act="take" ?disabled=${!offered.codes.size} @click=${() => this.take()}>${t("codes.take")}</button>
        <button type="button" @click=${() => { this.offered = null; }}>${t("codes.leave")}</button></p>` : nothing}`;
  }
}
customElements.define("code-panel", CodePanel);

export const codesButton = (page) => html`<p class="more"><button type="button" class="link" data-act="codes" @click=${() => page.querySelector("code-panel").toggle()}>${t("codes.title")}</button></p>`;
