// The panel of the case's words: type one and press Enter, drop papers, take words away, decide on what they offer.
import { createRef, html, nothing, ref, repeat } from "./vendor/lit.js";
import * as api from "./api.js";
import { sentence, t } from "./i18n.js";
import { samePlace } from "./mending.js";
import { madeList, offersList } from "./offers.js";
import { Panel } from "./panel.js";
import { ACCEPTED, Papers } from "./papers.js";

const KINDS = ["person", "firm", "place", "case_number", "term"];
const BETWEEN = /[、，,；;]+/;
const EDITABLE = ["draft", "recording", "paused"];

class CaseWords extends Panel {
  static properties = { seq: { type: Number }, offers: { state: true } };

  constructor() {
    super();
    Object.assign(this, { offers: [], papers: new Papers(() => this.requestUpdate()), input: createRef() });
  }

  connectedCallback() {
    super.connectedCallback();
    for (const name of ["dragover", "drop"]) document.addEventListener(name, (event) => this.dragged(event));
  }

  get editable() {
    return EDITABLE.includes(this.record.state);
  }

  // Files may be dropped anywhere: a browser would otherwise leave the live page for them.
  dragged(event) {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    if (!this.editable) return;
    this.open();
    if (event.type === "drop") this.take(event.dataTransfer.files);
  }

  first() {
    return this.input.value;
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
    const { wordsChanged, seatsChanged, live } = this.record;
    this.ask([wordsChanged, seatsChanged, live].join(), () => this.look());
  }

  async look() {
    if (!this.record.live) this.offers = [];
    else await this.attempt(async () => { this.offers = await api.mendings(this.page.id); });
    this.page.requestUpdate();
  }

  render() {
    return html`<dialog class="case-words" ${ref(this.dialog)} aria-labelledby="words-title" @keydown=${this.key}>
      ${this.head("words-title", t("words.title"))}
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
    const words = this.record.caseWords;
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
