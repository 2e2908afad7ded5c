// The text of an article where a law is cited: shown when the pointer rests on its number, or the number is chosen.
// Only laws of the court's own folder; what is not there is not guessed.
import { html, nothing, ref, createRef } from "./vendor/lit.js";
import * as api from "./api.js";
import { Element } from "./element.js";
import { t } from "./i18n.js";

const WAIT_MS = 250;
const ARTICLE = /^第.+[条款项]/;

// Where the words of this mark stand in the turn's text: it is the n-th of its kind in the turn.
export function placeOf(mark, text) {
  const said = mark.querySelector(".spoken").textContent;
  const before = [...mark.closest(".said").querySelectorAll(".number .spoken")].filter((one) => one.textContent === said);
  let at = -1;
  for (const one of before) {
    at = text.indexOf(said, at + 1);
    if (one.parentElement === mark) break;
  }
  return at;
}

export class StatuteNote extends Element {
  static properties = { page: { attribute: false }, shown: { state: true } };

  constructor() {
    super();
    this.box = createRef();
    this.known = new Map();
    this.shown = null;
  }

  connectedCallback() {
    super.connectedCallback();
    this.listen = (event) => this.over(event);
    for (const name of ["pointerover", "focusin"]) document.addEventListener(name, this.listen);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    for (const name of ["pointerover", "focusin"]) document.removeEventListener(name, this.listen);
  }

  over({ target }) {
    const mark = target.closest?.("article.turn .number");
    if (mark === this.mark || target.closest?.("statute-note")) return;
    this.mark = mark;
    clearTimeout(this.waiting);
    const words = mark?.querySelector(".spoken")?.textContent ?? "";
    this.waiting = setTimeout(() => (ARTICLE.test(words) ? this.show(mark) : this.hide()), WAIT_MS);
  }

  hide() {
    this.shown = null;
  }

  async show(mark) {
    const key = mark.closest("article.turn")?.dataset.key;
    const text = this.page.record.rows.find((row) => row.key === key)?.text;
    if (!text) return;
    if (!this.known.has(text)) this.known.set(text, await api.cited(text).then(({ cited }) => cited, () => []));
    const at = placeOf(mark, text);
    const found = this.known.get(text).find(({ start, end }) => start <= at && at < end);
    if (this.mark !== mark) return;
    const { left, bottom } = mark.getBoundingClientRect();
    this.shown = found ? { ...found, left, bottom } : null;
  }

  updated() {
    const box = this.box.value;
    if (!box || !this.shown) return;
    box.style.left = `${Math.max(8, Math.min(this.shown.left, innerWidth - box.offsetWidth - 8))}px`;
    box.style.top = `${Math.min(this.shown.bottom + 6, innerHeight - box.offsetHeight - 8)}px`;
  }

  render() {
    const { shown } = this;
    if (!shown) return nothing;
    const [number, sub] = shown.article.split("-");
    return html`<div class="statute" role="note" aria-live="polite" ${ref(this.box)} @pointerleave=${() => this.hide()}>
      <strong>${t("statute.article", shown.law, number)}${sub ? t("statute.sub", sub) : nothing}</strong>
      ${shown.words.split("\n").map((line, index) => html`<p class=${index + 1 === shown.paragraph ? "named" : ""}>${line}</p>`)}</div>`;
  }
}
customElements.define("statute-note", StatuteNote);
