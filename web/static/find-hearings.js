// Finding in all hearings that the reader may see: what is found leads to the turn. The server searches in pieces;
// the page asks on until there is enough to read, and says what has not been searched.
import { createRef, html, nothing, ref } from "./vendor/lit.js";
import * as api from "./api.js";
import { Element } from "./element.js";
import { Asking, filled, found } from "./found.js";
import { court, sentence, t } from "./i18n.js";
import { moment } from "./times.js";

const ENOUGH = 200;
const DAY_S = 86400;

class FindHearings extends Element {
  static properties = { hearings: { state: true }, left: { state: true }, searching: { state: true }, error: { state: true } };

  constructor() {
    super();
    Object.assign(this, { hearings: null, left: 0, next: null, searching: false, error: null, query: {}, field: createRef() });
    this.asking = new Asking((query) => this.search(query), (_, error) => Object.assign(this, { searching: false, error }));
  }

  typed(event) {
    if (!event.isComposing) this.look();
  }

  look() {
    const { words, speaker, stage, since, until } = this.querySelector("form").elements;
    const asked = filled({ words: words.value.trim(), speaker: speaker.value.trim(), stage: stage.value.trim() });
    const span = { since_s: day(since.value), until_s: until.value ? day(until.value) + DAY_S : null };
    Object.assign(this, { hearings: null, left: 0, next: null, error: null });
    this.query = Object.keys(asked).length ? { ...asked, ...filled(span) } : null;
    if (this.query) this.asking.look(this.query);
  }

  // Piece by piece, until there is enough, all is searched, or something else is asked for.
  async search(query) {
    this.searching = true;
    const begun = this.hearings?.length ?? 0;
    do {
      const answer = await api.findAll(this.next ? { ...query, after: this.next } : query);
      if (query !== this.query || this.asking.waiting) return;
      this.hearings = [...(this.hearings ?? []), ...answer.hearings];
      Object.assign(this, { left: answer.left, next: answer.next });
    } while (this.next && this.shown(begun) < ENOUGH);
  }

  shown(from = 0) {
    return (this.hearings ?? []).slice(from).reduce((sum, { hits }) => sum + hits.length, 0);
  }

  // Down from the field to what was found, and up and down there.
  key(event) {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!by || event.isComposing || event.target.matches("[type=date]")) return;
    const stops = [this.field.value, ...this.querySelectorAll("a.hit")];
    const next = stops[Math.max(0, stops.indexOf(event.target)) + by];
    if (!next) return;
    event.preventDefault();
    next.focus();
  }

  render() {
    return html`<section class="find-hearings" @keydown=${this.key}>
      <form role="search" aria-label=${t("find.all")} @submit=${(event) => event.preventDefault()} @input=${this.typed} @compositionend=${() => this.look()}>
        <input name="words" type="text" ${ref(this.field)} class="words" maxlength="200" autocomplete="off" spellcheck="false"
          aria-label=${t("find.all")} placeholder=${`${t("find.all")}：${t("find.words.how")}`}>
        <label>${t("find.speaker")}<input name="speaker" maxlength="60" autocomplete="off" placeholder=${t("find.speaker.how")}></label>
        <label>${t("find.stage")}<input name="stage" maxlength="60" autocomplete="off" placeholder=${t("find.stage.how")}></label>
        <label>${t("find.since")}<input name="since" type="date"></label><label>${t("find.until")}<input name="until" type="date"></label></form>
      ${this.error ? html`<p class="banner bad" role="alert">${sentence(this.error)}</p>` : nothing}
      ${this.hearings || this.searching ? html`<p class="soft" role="status" data-count>${this.told()}</p>` : nothing}
      ${(this.hearings ?? []).map((hearing) => one(hearing))}
      ${this.left && !this.searching ? html`<p class="row"><span class="soft">${t("find.left", this.left)}</span>
        <button type="button" data-act="go-on" @click=${() => this.asking.look(this.query)}>${t("find.go.on")}</button></p>` : nothing}</section>`;
  }

  told() {
    const some = this.hearings?.filter(({ total }) => total) ?? [];
    if (some.length) return t("find.hearings", some.length, some.reduce((sum, { total }) => sum + total, 0));
    return t(this.searching ? "find.searching" : "find.none");
  }
}
customElements.define("find-hearings", FindHearings);

const one = (hearing) => html`<article class="found-hearing" data-hearing=${hearing.id}><h2>${hearing.case_number || t("list.unnamed")}
    <small class="soft">${[court(hearing.kind), moment(hearing.opened_at)].filter(Boolean).join(" · ")}</small></h2>
  ${hearing.error ? html`<p class="bad">${sentence(hearing.error)}</p>` : nothing}
  <ul>${hearing.hits.map((hit) => html`<li><a class="hit" href="/hearings/${hearing.id}#turn-${encodeURIComponent(hit.turn_id)}">${found(hit)}</a></li>`)}</ul>
  ${hearing.total > hearing.hits.length ? html`<p class="soft">${t("find.rest", hearing.total)}</p>` : nothing}</article>`;

// The beginning of a day, here, in seconds since 1970.
const day = (value) => (value ? Math.floor(new Date(`${value}T00:00`).getTime() / 1000) : null);
