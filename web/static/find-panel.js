// The panel that finds in this hearing: words or pinyin initials, speaker, stage, tag, time. The cursor stays in the
// field; arrows choose, Enter goes to the turn, Shift+Enter plays it. Nothing is asked while an input method composes.
import { createRef, html, nothing, ref } from "./vendor/lit.js";
import * as api from "./api.js";
import { Asking, filled, found } from "./found.js";
import { court, t, voice } from "./i18n.js";
import { Panel } from "./panel.js";

const AGAIN_MS = 1500;
const TIME = /^\s*(\d{1,2})[:：](\d{1,2})(?:[:：](\d{1,2}))?\s*$/;

class FindPanel extends Panel {
  static properties = { stamp: { type: Number }, result: { state: true }, at: { state: true } };

  constructor() {
    super();
    Object.assign(this, { stamp: 0, result: null, at: 0, asked: "", field: createRef() });
    this.asking = new Asking((query) => api.find(this.page.id, query), (result, error) => this.answered(result, error));
  }

  first() {
    this.field.value.select();
    return this.field.value;
  }

  // The text makes room: what was found must not lie below the panel.
  open() {
    super.open();
    this.page.classList.add("finding");
  }

  close() {
    super.close();
    this.page.classList.remove("finding");
  }

  get query() {
    const { words, speaker, stage, tag, from, to } = this.dialog.value.querySelector("form").elements;
    return filled({ words: words.value.trim(), speaker: speaker.value, stage: stage.value, tag: tag?.value ?? "",
      from_ms: moment(from.value), to_ms: moment(to.value) });
  }

  typed(event) {
    if (!event.isComposing) this.look();
  }

  look() {
    const { query } = this;
    const asked = JSON.stringify(query);
    if (asked !== this.asked) this.at = 0;
    this.asked = asked;
    if (Object.keys(query).length) this.asking.look(query);
    else this.answered(null, null);
  }

  answered(result, error) {
    Object.assign(this, { result: this.asked === "{}" ? null : result, error });
  }

  // What is said meanwhile is found as well.
  updated() {
    const grown = this.dialog.value.open && this.result && this.result.seq < this.record.seq;
    if (!grown || this.later) return;
    this.later = setTimeout(() => {
      this.later = null;
      if (this.dialog.value.open) this.look();
    }, AGAIN_MS);
  }

  get hits() {
    return this.result?.hits ?? [];
  }

  key(event) {
    if (event.isComposing || event.keyCode === 229) return super.key(event);
    const move = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
    if (event.target.matches("select")) return super.key(event);
    if (move && this.hits.length) this.choose(Math.min(this.hits.length - 1, Math.max(0, this.at + move)));
    else if (event.key === "Enter" && event.target.matches("input")) this.go(this.hits[this.at], event.shiftKey);
    else return super.key(event);
    event.preventDefault();
    return null;
  }

  async choose(at) {
    this.at = at;
    await this.updateComplete;
    this.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }

  go(hit, play) {
    if (!hit) return;
    this.at = this.hits.indexOf(hit);
    const key = `turn-${hit.turn_id}`;
    this.page.reach(key);
    const row = this.record.rows.find((one) => one.key === key);
    if (play) this.page.hear(spokenAt(row?.turn, hit.at) ?? hit.start_ms);
  }

  render() {
    return html`<dialog class="find" ${ref(this.dialog)} aria-labelledby="find-title" @keydown=${this.key}>
      ${this.head("find-title", t("find.title"))} ${this.form()}
      <p class="soft" role="status" data-count>${this.told()}</p>
      <ul id="find-hits" role="listbox" aria-label=${t("find.results")}>${this.hits.map((hit, at) => this.hit(hit, at))}</ul></dialog>`;
  }

  told() {
    if (!this.result) return t("find.how");
    const { total, hits } = this.result;
    if (!total) return t("find.none");
    return total > hits.length ? t("find.count.first", total, hits.length) : t("find.count", total);
  }

  form() {
    const { record } = this;
    const stages = [...new Set(record.stages.map(({ name }) => name))];
    const tags = [...new Set(record.rows.flatMap(({ turn }) => turn?.tags ?? []))];
    return html`<form role="search" @submit=${(event) => event.preventDefault()} @input=${this.typed} @compositionend=${() => this.look()} @change=${() => this.look()}>
      <input name="words" ${ref(this.field)} class="words" maxlength="200" autocomplete="off" spellcheck="false" placeholder=${t("find.words.how")}
        role="combobox" aria-label=${t("find.words")} aria-expanded=${String(this.hits.length > 0)} aria-controls="find-hits" aria-autocomplete="list"
        aria-activedescendant=${this.hits.length ? `hit-${this.at}` : nothing}>
      ${choice("speaker", [...record.hearing?.seats.map((seat) => [seat.id, `${court(seat.role)} ${seat.person}`]) ?? [], ...voices(record)])}
      ${choice("stage", stages.map((name) => [name, court(name)]))}
      ${tags.length ? choice("tag", tags.map((name) => [name, court(name)])) : nothing}
      ${["from", "to"].map((name) => html`<label>${t(`find.${name}`)}<input name=${name} class="figure" size="7" autocomplete="off"
        placeholder=${t("find.time.example")}></label>`)}</form>`;
  }

  hit(hit, at) {
    const seat = this.record.seat(hit.seat);
    return html`<li id="hit-${at}" role="option" aria-selected=${String(at === this.at)} class="c${this.record.colour(seat?.id)}" data-turn=${hit.turn_id}
      @click=${() => this.go(hit, false)}>${found(hit)}<button type="button" class="link" tabindex="-1" data-act="play"
        @click=${(event) => { event.stopPropagation(); this.go(hit, true); }}>${t("row.listen")}</button></li>`;
  }
}
customElements.define("find-panel", FindPanel);

const choice = (name, options) => html`<label>${t(`find.${name}`)}<select name=${name}><option value="">${t("find.any")}</option>
  ${options.map(([value, label]) => html`<option value=${value}>${label}</option>`)}</select></label>`;

// Voices and people without a seat, once each.
function voices(record) {
  const names = record.rows.filter(({ turn }) => turn && !record.seat(turn.seat)).map(({ turn }) => turn.speaker);
  return [...new Set(names)].map((name) => [name, voice(name)]);
}

// "1:20" or "1:20:30" as milliseconds; null: no time.
function moment(text) {
  const [, hours, minutes, seconds] = TIME.exec(text) ?? [];
  return hours === undefined ? null : ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds ?? 0)) * 1000;
}

// When the character at this place of a turn's text was spoken.
function spokenAt(turn, at) {
  let left = at;
  for (const word of turn?.words ?? []) {
    left -= [...word.text].length;
    if (left < 0) return word.start_ms;
  }
  return null;
}

export const findButton = (page) => html`<button type="button" class="quiet" data-act="find" aria-keyshortcuts="/"
  @click=${() => page.querySelector("find-panel").open()}>${t("find.title")} <kbd aria-hidden="true">/</kbd></button>`;
