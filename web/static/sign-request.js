// The form by which a reader asks for a correction: which words (touched, or selected before), what kind, what is right.
import { createRef, html, nothing, ref } from "./vendor/lit.js";
import { Element } from "./element.js";
import { court, t } from "./i18n.js";

const KINDS = ["差错", "遗漏", "变更陈述"];

// The words of a line that the reader had selected: [first, last], or null.
function selected(line) {
  const selection = getSelection();
  const said = document.querySelector(`[data-turn="${CSS.escape(line.turn_id)}"] .said`);
  if (selection.isCollapsed || !said?.contains(selection.anchorNode) || !said.contains(selection.focusNode)) return null;
  const before = document.createRange();
  before.selectNodeContents(said);
  before.setEnd(selection.getRangeAt(0).startContainer, selection.getRangeAt(0).startOffset);
  const from = before.toString().length;
  const to = from + selection.toString().length;
  let at = 0;
  const inside = line.words.map(({ text }) => (at += text.length)).map((end, index) => (end > from && end - line.words[index].text.length < to ? index : -1)).filter((index) => index >= 0);
  return inside.length ? [inside[0], inside.at(-1)] : null;
}

class SignRequest extends Element {
  static properties = { desk: {}, sound: {}, line: { state: true }, piece: { state: true }, kind: { state: true } };

  constructor() {
    super();
    Object.assign(this, { kind: KINDS[0], piece: null, dialog: createRef() });
  }

  async open(line) {
    Object.assign(this, { line, piece: selected(line), kind: KINDS[0] });
    await this.updateComplete;
    this.dialog.value.querySelector("form").reset();
    this.dialog.value.showModal();
  }

  // The first touch chooses a word, the next one the words up to there; then it begins again.
  touch(index) {
    const [first, last] = this.piece ?? [];
    this.piece = this.piece && first === last && index !== first ? [Math.min(first, index), Math.max(first, index)] : [index, index];
  }

  get range() {
    const { words, start_ms, end_ms } = this.line;
    const [first, last] = this.piece ?? [0, words.length - 1];
    return { start_ms: words[first]?.start_ms ?? start_ms, end_ms: words[last]?.end_ms ?? end_ms };
  }

  get before() {
    if (this.kind === "遗漏" || !this.piece) return "";
    return this.line.words.slice(this.piece[0], this.piece[1] + 1).map(({ text }) => text).join("");
  }

  submit(event) {
    event.preventDefault();
    const { wanted, note } = event.target.elements;
    const { start_ms, end_ms } = this.range;
    const detail = { turn_id: this.line.turn_id, kind: this.kind, before: this.before, wanted: wanted.value, note: note.value, start_ms, end_ms };
    this.dialog.value.close();
    this.dispatchEvent(new CustomEvent("ask", { detail }));
  }

  render() {
    return html`<dialog class="request" ${ref(this.dialog)} aria-labelledby="request-title">${this.line ? this.form() : nothing}</dialog>`;
  }

  form() {
    const missing = this.kind === "遗漏";
    return html`<form @submit=${this.submit}><h2 id="request-title">${t("sign.mark.title", this.line.who)}</h2>
      <fieldset><legend>${t("sign.mark.kind")}</legend>${KINDS.map((kind) => html`<label><input type="radio" name="kind" value=${kind} .checked=${kind === this.kind}
        @change=${() => { this.kind = kind; }}> <span><b>${court(kind)}</b> ${t(`sign.kind.${kind}`)}</span></label>`)}</fieldset>
      ${this.kind === "变更陈述" && this.desk.criminal ? html`<p class="warn" role="status">${t("sign.change.criminal")}</p>` : nothing}
      <p>${t(missing ? "sign.mark.after" : "sign.mark.which")}</p>
      <div class="words" role="group" aria-label=${t(missing ? "sign.mark.after" : "sign.mark.which")}>${this.line.words.map(({ text }, index) => html`<button type="button"
        aria-pressed=${String(this.piece !== null && index >= this.piece[0] && index <= this.piece[1])} @click=${() => this.touch(index)}>${text}</button>`)}</div>
      <p><button type="button" @click=${() => this.sound.play({ turn_id: this.line.turn_id, ...this.range })}>▶ ${t("sign.mark.hear")}</button></p>
      <label class="field">${t(missing ? "sign.mark.missing" : "sign.mark.wanted")}<input name="wanted" maxlength="500" autocomplete="off" ?required=${missing}></label>
      <label class="field">${t("sign.mark.note")}<input name="note" maxlength="500" autocomplete="off"></label>
      <div class="row"><button type="button" @click=${() => this.dialog.value.close()}>${t("cancel")}</button>
        <button class="main" ?disabled=${!missing && !this.piece}>${t("sign.mark.ask")}</button></div></form>`;
  }
}
customElements.define("sign-request", SignRequest);
