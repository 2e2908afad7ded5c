// Whose voice is known in this hearing: enrolled before it, or by naming a voice in it; how much is held; withdrawn.
import { html, nothing, repeat } from "./vendor/lit.js";
import * as api from "./api.js";
import { Element } from "./element.js";
import { court, sentence, t, voice } from "./i18n.js";

const LOOK_MS = 500;
const CALM_MS = 300;
const NEEDED_MS = 3000;
const none = { persons: [], voices: {}, offers: [] };
const secondsOf = (ms) => (Math.floor(Math.min(ms, NEEDED_MS) / 100) / 10).toFixed(1);

// A bar that is full at what is needed, and the same in words: of a person, or of a voice that has no name yet.
export const heldBar = (ms, label, of = "person") => html`<span class="held-voice"><progress max=${NEEDED_MS} .value=${Math.min(ms, NEEDED_MS)}
  aria-label=${label}></progress> <small class=${ms >= NEEDED_MS ? "ok" : "soft"}>${t(`enrol.${of}.${ms >= NEEDED_MS ? "enough" : "some"}`, secondsOf(ms))}</small></span>`;

// `hearing`: its id, null while it is not set up; `save` sets it up and gives the id. `seats`: those of the page.
class VoiceList extends Element {
  static properties = {
    hearing: {}, seats: {}, recorder: {}, draft: { type: Boolean }, stamp: {}, shown: { state: true }, error: { state: true }, passed: { state: true },
  };

  constructor() {
    super();
    Object.assign(this, { shown: none, error: null, passed: new Set(), seats: [] });
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.timer);
  }

  updated(changed) {
    if (this.hearing && (changed.has("hearing") || changed.has("stamp"))) this.later(CALM_MS);
  }

  later(ms) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.load(), ms);
  }

  async load() {
    await this.attempt(async () => { this.shown = await api.enrolments(this.hearing); });
    if (this.shown.persons.some(({ listening }) => listening)) this.later(LOOK_MS);
    this.dispatchEvent(new CustomEvent("shown", { bubbles: true }));
  }

  // It looks again and again: a problem goes when something went well, not when something is tried.
  async attempt(work) {
    try {
      await work();
      this.error = null;
    } catch (error) {
      this.error = error;
    }
  }

  async act(work) {
    await this.attempt(work);
    if (!this.error) await this.load();
  }

  begin(person) {
    return this.act(async () => {
      if (this.save) this.hearing = await this.save();
      if (this.hearing) await api.enrol(this.hearing, target(person), this.recorder);
    });
  }

  add(event) {
    event.preventDefault();
    const name = event.target.elements.person.value.trim();
    if (!name) return;
    event.target.reset();
    this.begin({ seat: null, name });
  }

  // Those who may be enrolled: who has a microphone of his own needs it not.
  get persons() {
    const seats = this.seats.map((seat) => ({ seat: seat.id, name: seat.person || seat.role, held_ms: 0, microphone: seat.channels.length > 0 }));
    const known = new Map(this.shown.persons.map((person) => [person.seat ?? person.name, person]));
    const others = this.shown.persons.filter(({ seat, held_ms, listening, problem }) => seat === null && (held_ms || listening || problem));
    const mine = seats.map((person) => ({ ...known.get(person.seat), ...person, ...state(known.get(person.seat)) }));
    return [...mine.filter(({ microphone, held_ms, listening }) => !microphone || held_ms || listening), ...others];
  }

  heldOf(label) {
    return heldBar(this.shown.voices[label] ?? 0, voice(label), "voice");
  }

  // Nobody is enrolled so far: what it means is to be said first.
  get first() {
    return this.shown.persons.every((person) => !person.held_ms);
  }

  get offers() {
    return this.shown.offers.filter(({ turn_id }) => !this.passed.has(turn_id));
  }

  render() {
    const { persons, draft } = this;
    return html`<section class="voices" aria-labelledby="voices-title"><h3 id="voices-title">${t("enrol.title")}</h3>
      <p class="soft" data-notice>${t("enrol.notice")}</p><p class="soft">${t(draft ? "enrol.before" : "enrol.during")}</p>
      ${this.error ? html`<p class="bad" role="alert">${sentence(this.error)}</p>` : nothing}
      ${repeat(this.offers, ({ turn_id }) => turn_id, (one) => this.offer(one))}
      ${persons.length ? html`<ul>${repeat(persons, ({ seat, name }) => seat ?? name, (person) => this.line(person))}</ul>`
        : html`<p class="soft">${t("enrol.none")}</p>`}
      ${draft ? html`<form class="row" @submit=${this.add}><input name="person" maxlength="60" autocomplete="off" placeholder=${t("enrol.person")}
        aria-label=${t("enrol.person")}><button>${t("enrol.begin")}</button></form>` : nothing}</section>`;
  }

  line(person) {
    const { seat, name, held_ms: ms, listening, problem } = person;
    const role = this.seats.find(({ id }) => id === seat)?.role;
    const who = role && role !== name ? `${court(role)} ${name}` : court(name);
    const button = (act, done) => html`<button type="button" class=${act === "withdraw" ? "quiet" : ""} data-act=${act}
      aria-label=${`${t(`enrol.${act}`)}：${who}`} @click=${done}>${t(`enrol.${act}`)}</button>`;
    return html`<li data-person=${seat ?? name}><span>${who}</span>
      <span aria-live="polite">${listening || ms ? heldBar(ms, who) : html`<small class="soft">${t("enrol.not")}</small>`}
        ${problem ? html`<small class="bad" role="alert">${sentence(problem)}</small>` : nothing}</span>
      <span class="tools">${listening ? button("stop", () => this.act(() => api.stopEnrolling(this.hearing))) : nothing}
        ${this.draft && !listening && ms < NEEDED_MS ? button("begin", () => this.begin(person)) : nothing}
        ${ms && !listening ? button("withdraw", () => this.act(() => api.withdrawVoice(this.hearing, target(person)))) : nothing}</span></li>`;
  }

  // Who said his own name: named by a press, never by itself.
  offer(one) {
    const seat = this.seats.find(({ id }) => id === one.seat);
    const who = seat ? `${court(seat.role)} ${one.name}` : one.name;
    const pass = () => { this.passed = new Set([...this.passed, one.turn_id]); };
    return html`<p class="row" data-introduced=${one.turn_id}><span>${t("enrol.offer", voice(one.label), who)} ${this.heldOf(one.label)}</span>
      <button type="button" data-act="accept" @click=${() => this.act(() => api.nameVoice(this.hearing, one.label, target(one)))}>${t("enrol.as", who)}</button>
      <button type="button" class="quiet" data-act="refuse" @click=${pass}>${t("enrol.pass")}</button></p>`;
  }
}
customElements.define("voice-list", VoiceList);

const target = ({ seat, name }) => (seat ? { seat } : { person: name });
const state = (known) => (known ? { held_ms: known.held_ms, listening: known.listening, problem: known.problem } : {});
