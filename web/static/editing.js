// Editing a turn in its place while the text arrives. One text field lies over the turn that is edited, so that no
// drawing of the record can take the caret or break a composition; it is saved within a second after the last key.
import { createRef, html, nothing, ref } from "./vendor/lit.js";
import * as api from "./api.js";
import { t } from "./i18n.js";

const SAVE_MS = 700;
const FOR_GOOD = ["text_changed", "unfit_text", "wrong_state", "not_found", "no_right", "bad_request"];
const place = (id, turn) => `tingji.draft.${id}.${turn}`;

// As the server will have it: one line, nothing at the ends.
const oneLine = (text) => text.replace(/[\s\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, " ").trim();

export class Editing {
  constructor(page) {
    Object.assign(this, { page, turnId: null, base: "", conflict: false, problem: null, saving: null, field: createRef() });
  }

  get row() {
    return this.turnId === null ? null : this.page.record.rows.find(({ key }) => key === `turn-${this.turnId}`) ?? null;
  }

  get text() {
    return this.field.value?.value ?? "";
  }

  get dirty() {
    return this.turnId !== null && oneLine(this.text) !== this.base;
  }

  // Opens the text of a turn; what this browser had not yet saved of it is there again.
  async open(row, caret = null) {
    if (!row?.turn || row.turn.suppressed || this.page.readOnly) return false;
    if (this.turnId !== null) await this.leave();
    const draft = read(place(this.page.id, row.turn.id));
    Object.assign(this, { turnId: row.turn.id, base: draft?.base ?? row.text, conflict: false, problem: null });
    this.page.select(row.key);
    this.page.tail.release();
    this.page.requestUpdate();
    await this.page.updateComplete;
    const field = this.field.value;
    field.value = draft?.text ?? row.text;
    const at = caret ?? field.value.length;
    field.focus({ preventScroll: true });
    field.setSelectionRange(at, at);
    this.fit();
    this.look();
    if (draft) this.later();
    return true;
  }

  // After every drawing: where the field lies, and whether somebody else has changed the text meanwhile.
  place() {
    const field = this.field.value;
    const over = this.row && document.querySelector(`article[data-key="${CSS.escape(this.row.key)}"]`);
    if (!field || !over) return;
    const said = over.querySelector(".said");
    over.classList.add("edited");
    const [box, column] = [said.getBoundingClientRect(), field.closest(".column").getBoundingClientRect()];
    field.style.top = `${box.top - column.top}px`;
    field.style.left = `${box.left - column.left}px`;
    field.style.width = `${box.width}px`;
    said.style.minHeight = `${field.offsetHeight}px`;
    this.look();
  }

  // Does what stands differ from what this edit was made on?
  look() {
    const { row } = this;
    if (!row) return this.turnId !== null && this.gone();
    if (row.text === this.base || this.saving) return undefined;
    if (this.dirty && oneLine(this.text) !== row.text) this.conflict = true;
    else this.take(row.text);
    return undefined;
  }

  // The turn is not there any more (joined with another one): what was typed stays in the draft.
  gone() {
    this.page.speaking.tell(t("edit.gone"));
    this.shut();
  }

  take(text) {
    const field = this.field.value;
    const { selectionStart } = field;
    field.value = text;
    field.setSelectionRange(selectionStart, selectionStart);
    Object.assign(this, { base: text, conflict: false });
    forget(place(this.page.id, this.turnId));
    this.fit();
  }

  typed() {
    this.fit();
    this.page.requestUpdate(); // the code before the caret
    keep(place(this.page.id, this.turnId), { base: this.base, text: this.text });
    this.later();
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), SAVE_MS);
  }

  fit() {
    const field = this.field.value;
    field.style.height = "auto";
    field.style.height = `${field.scrollHeight}px`;
    const said = document.querySelector(".turn.edited .said");
    if (said) said.style.minHeight = `${field.scrollHeight}px`;
  }

  // One save at a time, in order; without a connection it is tried again.
  async save() {
    await this.saving;
    if (!this.dirty || this.conflict || this.composing) return !this.dirty;
    const { turnId } = this;
    const text = oneLine(this.text);
    this.saving = this.send(turnId, this.base, text);
    const done = await this.saving;
    this.saving = null;
    if (this.turnId === turnId && this.dirty && !this.conflict && (done || this.problem?.retry)) this.later();
    this.page.requestUpdate();
    return done;
  }

  async send(turnId, before, after) {
    try {
      await api.editTurn(this.page.id, turnId, before, after);
      if (this.turnId === turnId) Object.assign(this, { base: after, problem: null });
      const draft = read(place(this.page.id, turnId));
      if (draft && oneLine(draft.text) === after) forget(place(this.page.id, turnId));
      return true;
    } catch (error) {
      const retry = !FOR_GOOD.includes(error.code);
      this.conflict = error.code === "text_changed";
      this.problem = this.conflict ? null : { error, retry };
      return false;
    }
  }

  // Mine over theirs, or theirs: what was typed is one undo away in either case.
  async mine() {
    this.base = this.row.text;
    this.conflict = false;
    await this.save();
    this.field.value?.focus();
  }

  theirs() {
    this.take(this.row.text);
    this.field.value.focus();
  }

  // Saved and shut. False: it could not be saved, the draft stays open.
  async leave() {
    if (this.turnId === null) return true;
    clearTimeout(this.timer);
    if (this.dirty && !(await this.save())) return false;
    this.shut();
    return true;
  }

  shut() {
    const key = this.row?.key;
    for (const said of document.querySelectorAll(".turn.edited .said")) said.style.minHeight = "";
    for (const over of document.querySelectorAll(".turn.edited")) over.classList.remove("edited");
    Object.assign(this, { turnId: null, conflict: false, problem: null });
    this.page.requestUpdate();
    if (key) document.querySelector(`article[data-key="${CSS.escape(key)}"] button.at`)?.focus({ preventScroll: true });
  }

  // Puts a text at the caret, as if it were typed: Ctrl+Z takes it back. False: no turn is edited.
  insert(text, back = 0) {
    const field = this.field.value;
    if (this.turnId === null || !field) return false;
    field.focus({ preventScroll: true });
    field.setSelectionRange(field.selectionStart - back, field.selectionEnd);
    return document.execCommand("insertText", false, text);
  }

  // The short code that ends before the caret.
  get code() {
    const field = this.field.value;
    if (!field || this.composing || field.selectionStart !== field.selectionEnd) return null;
    return this.page.codes.before(field.value.slice(0, field.selectionStart));
  }

  // Tab after a code; any other Tab goes on to the next field.
  expand(event) {
    const { code } = this;
    const plain = event.key === "Tab" && !event.shiftKey && !event.ctrlKey && !event.altKey;
    return plain && code !== null && this.insert(code.text, this.field.value.selectionStart - code.start);
  }

  keyDown(event) {
    if (event.isComposing || event.keyCode === 229) return;
    if (this.expand(event)) return void event.preventDefault();
    if (event.key === "Escape") this.leave();
    else if (event.key === "Enter" && !event.ctrlKey) this.leave();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}

// The field, and under it the other version where two people wrote at once.
export function editor({ editing }) {
  if (editing.turnId === null) return nothing;
  return html`<div class="turn-editor" data-turn=${editing.turnId}><textarea ${ref(editing.field)} rows="1" spellcheck="false" autocomplete="off"
      aria-label=${t("edit.label")} aria-describedby="edit-note"
      @input=${() => editing.typed()} @keydown=${(event) => editing.keyDown(event)}
      @compositionstart=${() => { editing.composing = true; }} @compositionend=${() => { editing.composing = false; editing.typed(); }}
      @blur=${() => editing.save()}></textarea>
    <div id="edit-note" class="edit-note" role="status">${note(editing)}</div></div>`;
}

function note(editing) {
  if (editing.conflict) return html`<p class="warn">${t("edit.conflict")}</p><p class="theirs">${editing.row?.text}</p>
    <p class="row"><button type="button" data-act="mine" @click=${() => editing.mine()}>${t("edit.mine")}</button>
    <button type="button" data-act="theirs" @click=${() => editing.theirs()}>${t("edit.theirs")}</button></p>`;
  if (editing.problem) return html`<p class="bad">${t(editing.problem.retry ? "edit.unsaved" : "edit.refused")}</p>`;
  return editing.code ? html`<p class="soft" aria-hidden="true"><kbd>Tab</kbd> ${editing.code.text}</p>` : nothing;
}

// What was typed and not saved, by turn: a closed laptop loses nothing.
const keep = (key, draft) => localStorage.setItem(key, JSON.stringify(draft));
const forget = (key) => localStorage.removeItem(key);
const read = (key) => JSON.parse(localStorage.getItem(key) ?? "null");

// Turns of this hearing with text that never reached the server.
export const drafts = (id) => Object.keys(localStorage).filter((key) => key.startsWith(place(id, ""))).map((key) => key.slice(place(id, "").length));
