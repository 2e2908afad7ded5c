// The panel of the case's words: type one and press Enter, drop papers, take words away, decide on what they offer.
import { createRef, html, nothing, ref, repeat } from "./vendor/lit.js";
import * as api from "./api.js";
import { Element } from "./element.js";
import { sentence, t } from "./i18n.js";
import { samePlace } from "./mending.js";
import { madeList, offersList } from "./offers.js";
import { ACCEPTED, Papers } from "./papers.js";

const KINDS = ["person", "firm", "place", "case_number", "term"];
const BETWEEN = /[、，,；;]+/;
const EDITABLE = ["draft", "recording", "paused"];
const CALM_MS = 300;

class CaseWords extends Element {
  static properties = { page: {}, seq: { type: Number }, offers: { state: true }, error: { state: true }, said: { state: true } };

  constructor() {
    super();
    Object.assign(this, { offers: [], error: null, said: "", asked: "" });
    this.papers = new Papers(() => this.requestUpdate());
    this.dialog = createRef();
    this.input = createRef();
  }

  connectedCallback() {
    super.connectedCallback();
    for (const name of ["dragover", "drop"]) document.addEventListener(name, (event) => this.dragged(event));
  }

  get editable() {
    return EDITABLE.includes(this.page.record.state);
  }

  // Files may be dropped anywhere: a browser would otherwise leave the live page for them.
  dragged(event) {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    if (!this.editable) return;
    this.open();
    if (event.type === "drop") this.take(event.dataTransfer.files);
  }

  toggle() {
    if (this.dialog.value.open) this.close();
    else this.open();
  }

  open() {
    if (this.dialog.value.open) return;
    this.opener = document.activeElement;
    this.dialog.value.show();
    this.input.value?.focus();
    this.page.requestUpdate();
  }

  close() {
    this.dialog.value.close();
    this.opener?.focus();
    this.page.requestUpdate();
  }

  // An Enter or Escape that ends a composition belongs to the input method (229: Safari tells it late).
  key(event) {
    const composing = event.isComposing || event.keyCode === 229;
    if (event.key === "Enter" && composing) event.preventDefault();
    if (event.key === "Escape" && !composing) this.close();
  }

  async attempt(work) {
    this.error = null;
    try {
      await work();
    } catch (error) {
      this.error = error;
    }
  }

  submit(event) {
    event.preventDefault();
    const { word, kind } = event.target.elements;
    const texts = word.value.split(BETWEEN).map((text) => text.trim()).filter(Boolean);
    if (!texts.length) return null;
    return this.attempt(async () => {
      const { added } = await api.addWords(this.page.id, texts.map((text) => (kind.value ? { text, kind: kind.value } : { text })));
      this.said = t(added ? "words.added" : "words.known", texts.join("、"));
      word.value = "";
    });
  }

  remove(text) {
    return this.attempt(async () => {
      await api.removeWord(this.page.id, text);
      this.said = t("words.removed", text);
      this.input.value?.focus();
    });
  }

  async take(files) {
    this.error = null;
    await this.papers.take(this.page.id, files);
  }

  decide(what, offers) {
    return this.attempt(async () => {
      try {
        await api.decide(this.page.id, what, offers);
        this.offers = this.offers.filter((offer) => !offers.some((done) => samePlace(done, offer)));
        this.said = t(`words.done.${what}`, offers.length);
      } finally {
        this.asked = "";
      }
    });
  }

  undo(made) {
    return this.attempt(() => api.undoMending(this.page.id, made));
  }

  // Offers change with the words, the seats and the decisions; what is said now is mended as it comes.
  updated() {
    const { record, caughtUp } = this.page;
    const state = [record.wordsChanged, record.seatsChanged, record.live].join();
    if (!caughtUp || state === this.asked) return;
    this.asked = state;
    clearTimeout(this.calm);
    this.calm = setTimeout(() => this.look(), CALM_MS);
  }

  async look() {
    if (!this.page.record.live) this.offers = [];
    else await this.attempt(async () => { this.offers = await api.mendings(this.page.id); });
    this.page.requestUpdate();
  }

  render() {
    const { error, said } = this;
    return html`<dialog class="case-words" ${ref(this.dialog)} aria-labelledby="words-title" @keydown=${this.key}>
      <header><h2 id="words-title">${t("words.title")}</h2>
        <button type="button" class="quiet" data-act="close" @click=${this.close}>${t("words.close")}</button></header>
      ${error ? html`<p class="banner bad" role="alert"><span>${sentence(error)}</span></p>` : nothing}
      <p class="ok" role="status">${said}</p>
      ${this.editable ? html`${this.form()} ${this.dropping()}` : nothing}
      ${offersList(this)} ${this.groups()} ${madeList(this)}</dialog>`;
  }

  form() {
    return html`<form @submit=${this.submit}><label>${t("words.type")}
        <input name="word" ${ref(this.input)} maxlength="200" autocomplete="off" placeholder=${t("words.example")}></label>
      <select name="kind" aria-label=${t("words.kind")}><option value="">${t("words.kind.auto")}</option>
        ${KINDS.map((kind) => html`<option value=${kind}>${t(`words.${kind}`)}</option>`)}</select>
      <button class="main">${t("words.add")}</button></form><p class="soft">${t("words.what")}</p>`;
  }

  dropping() {
    const chosen = ({ target }) => {
      this.take(target.files);
      target.value = "";
    };
    return html`<div class="drop"><p>${t("words.drop")}</p>
      <label class="button">${t("words.choose")}<input type="file" class="visually-hidden" multiple accept=${ACCEPTED} @change=${chosen}></label>
      <p class="soft">${t("words.drop.what")}</p></div>
      <ul class="papers" aria-live="polite">${this.papers.list.map((paper) => this.paper(paper))}</ul>`;
  }

  paper(paper) {
    const { name, share, read, error } = paper;
    const outcome = error ? html`<span class="bad">${sentence(error)}</span>`
      : read ? html`<span class="ok">${t("words.read", read.added, read.known)}${read.left_out ? t("words.left", read.left_out) : ""}</span>`
        : share < 1 ? html`<progress max="1" .value=${share} aria-label=${t("words.sending")}></progress><span class="soft">${t("words.sending")}</span>`
          : html`<progress aria-label=${t("words.reading")}></progress><span class="soft">${t("words.reading")}</span>`;
    return html`<li data-paper><b>${name}</b> ${outcome}
      ${read || error ? html`<button type="button" class="quiet" aria-label=${`${t("dismiss")}：${name}`}
        @click=${() => this.papers.forget(paper)}>✕</button>` : nothing}</li>`;
  }

  groups() {
    const words = this.page.record.caseWords;
    if (!words.length) return html`<p class="soft">${t("words.none")}</p>`;
    return KINDS.map((kind) => [kind, words.filter((word) => word.kind === kind)]).filter(([, some]) => some.length)
      .map(([kind, some]) => html`<section data-kind=${kind}><h3>${t(`words.${kind}`)} <small>${some.length}</small></h3>
        <ul class="chips">${repeat(some, (word) => word.text, (word) => this.chip(word))}</ul></section>`);
  }

  chip({ text, source }) {
    return html`<li title=${t(`words.from.${source}`)}>${text}${this.editable ? html`<button type="button" class="quiet"
      aria-label=${`${t("words.remove")}：${text}`} @click=${() => this.remove(text)}>✕</button>` : nothing}</li>`;
  }
}
customElements.define("case-words", CaseWords);

// The way to the panel, beside the record: how many words there are, and whether something is offered.
export function wordsButton(page) {
  const panel = page.querySelector("case-words");
  const offered = panel?.offers.length ?? 0;
  return html`<p class="more"><button type="button" class="link" data-act="words" aria-expanded=${String(panel?.dialog.value?.open ?? false)}
    @click=${() => page.querySelector("case-words").toggle()}>${t("words.title")}${page.record.caseWords.length ? ` (${page.record.caseWords.length})` : ""}</button>
    ${offered ? html`<small class="warn" data-offered>${t("words.offered", offered)}</small>` : nothing}</p>`;
}
