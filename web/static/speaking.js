// The clerk's hand on a turn: which one is chosen, whose it is, where it is cut, and the way back.
import { html, nothing } from "./vendor/lit.js";
import * as api from "./api.js";
import { court, t, voice } from "./i18n.js";
import { wordUnder } from "./pointing.js";

const TOLD_MS = 8000;

export class Speaking {
  constructor(page) {
    Object.assign(this, { page, key: null, pointer: null, told: "", menu: null });
    document.addEventListener("pointermove", ({ clientX, clientY }) => { this.pointer = { clientX, clientY }; }, { passive: true });
    document.addEventListener("focusin", ({ target }) => {
      const row = target.matches?.("button.at") && target.closest("article[data-key]");
      if (row) this.select(row.dataset.key);
    });
  }

  get row() {
    return this.page.record.rows.find(({ key }) => key === this.key) ?? null;
  }

  select(key) {
    this.key = key;
    this.mark();
  }

  // After every drawing: what lit draws anew does not know of the choice.
  mark() {
    for (const element of document.querySelectorAll("article.chosen")) if (element.dataset.key !== this.key) element.classList.remove("chosen");
    if (this.key) document.querySelector(`article[data-key="${CSS.escape(this.key)}"]`)?.classList.add("chosen");
  }

  // The choice of seats goes away. False: there was none.
  shut() {
    const open = Boolean(this.menu);
    this.menu = null;
    this.page.requestUpdate();
    return open;
  }

  // Number keys: the first nine seats. False: not ours, the browser may have the key.
  give(number) {
    const seat = this.page.record.hearing?.seats[number - 1];
    if (!seat || !this.row || this.page.readOnly) return false;
    this.assign(this.row.turn, { seat: seat.id });
    return true;
  }

  // The choice of people for the chosen turn, with the cursor where a name is typed.
  async choose() {
    this.menu = this.key;
    this.page.requestUpdate();
    await this.page.updateComplete;
    document.querySelector(".who-menu [name=person]")?.focus();
  }

  // `to`: { seat } or { person }, a name.
  assign(turn, to) {
    this.menu = null;
    return this.act(() => api.giveTurn(this.page.id, turn.id, to), t("who.now", this.called(to)));
  }

  name(label, to) {
    this.menu = null;
    return this.act(() => api.nameVoice(this.page.id, label, to), t("who.made.name", voice(label), this.called(to)));
  }

  called({ seat, person }) {
    const found = this.page.record.seat(seat);
    return found ? found.short || court(found.role) : person;
  }

  // Before the word under the pointer, or else before the one that is heard.
  cut() {
    if (!this.row || this.page.readOnly) return false;
    const { turn } = this.row;
    const at = turn.words.indexOf(this.wordAt(turn));
    if (at < 1) this.tell(t("who.cut.where"));
    else this.act(() => api.splitTurn(this.page.id, turn.id, at), t("who.made.split", at));
    return true;
  }

  // The same, and what is behind the cut is that seat's.
  async cutFor(number) {
    const seat = this.page.record.hearing?.seats[number - 1];
    const { row } = this;
    const at = seat && row && !this.page.readOnly ? row.turn.words.indexOf(this.wordAt(row.turn)) : -1;
    if (at < 1) return this.tell(t("who.cut.where"));
    return this.act(async () => {
      const { id } = await api.splitTurn(this.page.id, row.turn.id, at);
      await api.giveTurn(this.page.id, id, { seat: seat.id });
    }, t("who.cut.for", this.called({ seat: seat.id })));
  }

  wordAt(turn) {
    const target = this.pointer && document.elementFromPoint(this.pointer.clientX, this.pointer.clientY);
    const said = target?.closest("article.chosen .said");
    if (said) return wordUnder({ ...this.pointer, target }, turn);
    const { player } = this.page;
    return player.started ? turn.words.findLast((word) => word.start_ms <= player.at && player.at < turn.end_ms) : null;
  }

  async act(work, told) {
    await this.page.attempt(work);
    if (!this.page.error) this.tell(told);
  }

  tell(told) {
    this.told = told;
    clearTimeout(this.silence);
    this.silence = setTimeout(() => this.tell(""), TOLD_MS);
    this.page.requestUpdate();
  }
}

// What was done, and in one step the same for the rest of that voice.
export function spokenNote(page) {
  const { speaking } = page;
  const panel = page.querySelector("speaker-panel");
  const offers = speaking.told ? (panel?.found.offers ?? []).filter((one) => !one.checked) : [];
  return html`<div class="told" role="status">${speaking.told ? html`<p><span>${speaking.told}</span>
    ${offers.length ? html`<button type="button" data-act="same" @click=${() => panel.decide("accept", offers)}>
      ${t("who.same", offers.length, panel.named(offers[0].after))}</button>` : nothing}</p>` : nothing}</div>`;
}
