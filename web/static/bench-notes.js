// Private notes beside the text: of this account alone, kept within a second, gone with one press. No part of the record.
import { html, live, nothing } from "./vendor/lit.js";
import * as api from "./api.js";
import { Element } from "./element.js";
import { sentence, t } from "./i18n.js";
import { clock } from "./times.js";

const SOON_MS = 600;
const AGAIN_MS = 3000;

class BenchNotes extends Element {
  constructor() {
    super();
    Object.assign(this, { page: null, notes: [], error: null });
  }

  connectedCallback() {
    super.connectedCallback();
    this.leave = () => document.hidden && this.flush();
    document.addEventListener("visibilitychange", this.leave);
    window.addEventListener("pagehide", this.leave);
    this.load();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    document.removeEventListener("visibilitychange", this.leave);
    window.removeEventListener("pagehide", this.leave);
    this.flush();
  }

  async load() {
    await this.attempt(async () => {
      const kept = await api.notes(this.page.id);
      this.notes = [...kept.map((note) => ({ ...note, kept: true, saved: true })), ...this.notes]; // somebody may write already
    });
    if (this.error) setTimeout(() => this.load(), AGAIN_MS);
    this.tell();
  }

  tell() {
    this.dispatchEvent(new CustomEvent("noted", { detail: this.notes.map((note) => note.turn_id).filter(Boolean) }));
    this.requestUpdate();
  }

  // `row`: the turn that it is about; null: the whole hearing.
  async add(row) {
    const note = { id: crypto.randomUUID(), turn_id: row?.turn.id ?? null, at_ms: row?.at ?? null, text: "", kept: false, saved: true };
    const after = this.notes.findIndex((one) => (one.at_ms ?? -1) > (note.at_ms ?? -1));
    this.notes.splice(after < 0 ? this.notes.length : after, 0, note);
    this.tell();
    await this.updateComplete;
    this.querySelector(`[data-note="${note.id}"] textarea`).focus();
  }

  written(note, event) {
    note.text = event.target.value;
    note.saved = false;
    note.composing = Boolean(event.isComposing);
    clearTimeout(note.timer);
    if (!note.composing) note.timer = setTimeout(() => this.save(note), SOON_MS);
    this.requestUpdate();
  }

  // One at a time, so that an older text never comes after a newer one; `now`: the page is being left.
  async save(note, now = false) {
    clearTimeout(note.timer);
    if (note.saved || note.gone || ((note.flying || note.composing) && !now)) return;
    note.flying = true;
    await this.send(note);
    note.flying = false;
    if (note.gone) this.forget([note]); // it was deleted while it was on its way
    else if (!note.saved) note.timer = setTimeout(() => this.save(note), this.error ? AGAIN_MS : 0);
    this.requestUpdate();
  }

  async send(note) {
    const { id, turn_id, at_ms, text } = note;
    try {
      if (text.trim()) await api.keepNote(this.page.id, { id, turn_id, at_ms, text });
      else if (note.kept) await api.deleteNote(this.page.id, id);
      this.error = null;
      note.kept = Boolean(text.trim());
      note.saved = note.text === text;
    } catch (error) {
      this.error = error;
    }
  }

  flush() {
    for (const note of this.notes) this.save(note, true);
  }

  // An empty note is none.
  left(note) {
    this.save(note);
    if (!note.text.trim()) this.drop([note]);
  }

  drop(notes) {
    for (const note of notes) {
      clearTimeout(note.timer);
      note.gone = true;
    }
    this.notes = this.notes.filter((note) => !note.gone);
    this.tell();
  }

  forget(notes) {
    return this.attempt(() => Promise.all(notes.map((note) => api.deleteNote(this.page.id, note.id))));
  }

  delete(note) {
    this.drop([note]);
    this.forget([note]);
  }

  async deleteAll() {
    this.querySelector("dialog").close();
    await this.attempt(() => api.deleteNotes(this.page.id));
    if (!this.error) this.drop([...this.notes]);
  }

  pressed(note, event) {
    if (event.key !== "Escape" || event.isComposing) return;
    event.stopPropagation();
    if (note.at_ms === null) this.page.main.value.focus();
    else this.page.show(note);
  }

  render() {
    const unsaved = this.notes.some((note) => !note.saved);
    return html`<h2>${t("notes.title")} <span class="soft" role="status">${unsaved ? t(this.error ? "notes.unsaved" : "notes.saving") : this.notes.length ? t("notes.saved") : ""}</span></h2>
      <p class="soft">${t("notes.private")}</p>
      <p class="tools"><button type="button" @click=${() => this.add(null)}>${t("notes.add")}</button>
        ${this.notes.length ? html`<button type="button" class="quiet" @click=${() => this.querySelector("dialog").showModal()}>${t("notes.delete.all")}</button>` : nothing}</p>
      ${this.error ? html`<p class="bad" role="alert">${sentence(this.error)}</p>` : nothing}
      <ol>${this.notes.map((note) => this.note(note))}</ol>
      <dialog aria-labelledby="notes-ask"><h2 id="notes-ask">${t("notes.delete.ask")}</h2><p>${t("notes.delete.what")}</p>
        <div class="row"><button type="button" @click=${(event) => event.target.closest("dialog").close()}>${t("cancel")}</button>
          <button type="button" class="main" @click=${() => this.deleteAll()}>${t("notes.delete.all")}</button></div></dialog>`;
  }

  note(note) {
    const place = note.at_ms === null ? html`<span class="soft">${t("notes.whole")}</span>`
      : html`<button type="button" class="place quiet figure" @click=${() => this.page.show(note)}>${clock(note.at_ms)}</button>`;
    return html`<li data-note=${note.id}>${place}
      <button type="button" class="gone quiet" aria-label=${t("notes.delete")} title=${t("notes.delete")} @click=${() => this.delete(note)}>✕</button>
      <textarea rows="2" maxlength="20000" aria-label=${t("notes.title")} .value=${live(note.text)} @input=${(event) => this.written(note, event)}
        @compositionend=${(event) => this.written(note, event)} @blur=${() => this.left(note)} @keydown=${(event) => this.pressed(note, event)}></textarea></li>`;
  }
}
customElements.define("bench-notes", BenchNotes);
