// The panel of who spoke: what is proposed or offered, voices without a name, and what was decided, to be taken back.
// Nothing changes without a press; "all" never names a turn that a person has checked.
import { html, nothing, ref, repeat } from "./vendor/lit.js";
import * as api from "./api.js";
import { court, t, unnamed, voice } from "./i18n.js";
import { textOf } from "./mending.js";
import { Panel } from "./panel.js";
import { clock } from "./times.js";
import "./voices.js";
import { people } from "./who-menu.js";

const LENGTH = 24;
const none = { offers: [], proposals: [] };

class SpeakerPanel extends Panel {
  static properties = { stamp: {}, found: { state: true } };

  constructor() {
    super();
    this.found = none;
  }

  open() {
    this.page.speaking.shut();
    super.open();
  }

  // What is offered changes with what was decided and with every turn that comes of a voice.
  updated() {
    const { spoken, state, live, seatsChanged } = this.record;
    const wanted = state === "closing" || (live && (spoken.made.length || spoken.changed));
    const asked = wanted ? [spoken.changed, spoken.voices.size, state, seatsChanged].join() : "nothing";
    this.ask(asked, () => this.look(wanted));
  }

  async look(wanted) {
    await this.attempt(async () => { this.found = wanted ? await api.speakers(this.page.id) : none; });
    this.page.requestUpdate();
  }

  async decide(what, offers) {
    await this.attempt(async () => {
      await api.decideSpeakers(this.page.id, what, offers);
      const left = (list) => list.filter((one) => !offers.some((done) => done.turn_id === one.turn_id));
      this.found = { offers: left(this.found.offers), proposals: left(this.found.proposals) };
      this.said = t(`who.done.${what}`, offers.length);
    });
    if (this.error) this.asked = "";
    this.page.requestUpdate();
  }

  render() {
    const { found } = this;
    return html`<dialog class="speakers" ${ref(this.dialog)} aria-labelledby="speakers-title" @keydown=${this.key}>
      ${this.head("speakers-title", t("who.title"))} <p class="soft">${t("who.how")}</p>
      ${this.list("proposals", found.proposals)} ${this.list("offers", found.offers)} ${this.voices()} ${this.enrolled()} ${this.made()}</dialog>`;
  }

  list(kind, offers) {
    if (!offers.length) return nothing;
    const free = offers.filter((one) => !one.checked);
    const all = (what, few, main) => html`<button type="button" class=${main} data-act="${what}-all" @click=${() => this.decide(what, few)}>
      ${t(`who.${what}.all`, few.length)}</button>`;
    return html`<section class="offers" data-list=${kind}><h3>${t(`who.${kind}`, offers.length)}</h3><p class="soft">${t(`who.${kind}.what`)}</p>
      <p class="row">${free.length > 1 ? all("accept", free, "main") : nothing} ${kind === "proposals" ? all("refuse", offers, "") : nothing}</p>
      <ul>${repeat(offers, (one) => `${one.turn_id} ${one.after.name}`, (one) => this.offer(one))}</ul></section>`;
  }

  // The evidence: when, what was said, who it is shown as and who it may be, how sure.
  offer(one) {
    const row = this.record.rows.find(({ key }) => key === `turn-${one.turn_id}`);
    const text = row ? textOf(row.turn) : "";
    const told = `${this.named(one.before)} → ${this.named(one.after)}`;
    return html`<li data-turn-offer=${one.turn_id}><span class="where">
        <button type="button" class="link figure" data-act="hear" aria-label=${t("row.listen.at", clock(row?.at ?? 0))}
          @click=${() => this.page.hear(row?.at ?? 0)}>${t("row.listen")} ${clock(row?.at ?? 0)}</button>
        <del>${this.named(one.before)}</del><span class="visually-hidden"> → </span><ins>${this.named(one.after)}</ins>
        ${one.confidence === undefined ? nothing : html`<small class="soft figure">${t("who.sure", Math.round(one.confidence * 100))}</small>`}
        ${one.checked ? html`<small class="warn">${t("who.checked")}</small>` : nothing}
        <span class="soft">${text.slice(0, LENGTH)}${text.length > LENGTH ? "…" : ""}</span></span>
      <span class="tools"><button type="button" data-act="accept" aria-label=${`${t("who.accept")}：${told}`}
          @click=${() => this.decide("accept", [one])}>${t("who.accept")}</button>
        <button type="button" class="quiet" data-act="refuse" aria-label=${`${t("words.refuse")}：${told}`}
          @click=${() => this.decide("refuse", [one])}>${t("words.refuse")}</button></span></li>`;
  }

  named({ seat, name }) {
    const found = this.record.seat(seat);
    return found ? found.short || court(found.role) : voice(name);
  }

  // Voices without a name: one choice names all of their turns.
  voices() {
    const labels = voicesOf(this.record);
    if (!this.record.live || !labels.length) return nothing;
    const known = people(this.page);
    const choose = (label) => ({ target }) => target.value && this.page.nameVoice(label, { [target.selectedOptions[0].dataset.kind]: target.value });
    return html`<section><h3>${t("who.voices")}</h3><p class="soft">${t("who.voices.what")}</p><ul>${labels.map(([label, count]) => html`
      <li data-voice=${label}><span>${voice(label)} <small class="soft">${t("who.turns", count)}</small></span>
        <select aria-label=${t("who.is", voice(label))} @change=${choose(label)}><option value="">${t("who.choose")}</option>
          ${this.record.hearing.seats.map((seat) => html`<option data-kind="seat" value=${seat.id}>${court(seat.role)} ${seat.person}</option>`)}
          ${known.map((name) => html`<option data-kind="person" value=${name}>${name}</option>`)}</select></li>`)}</ul></section>`;
  }

  // Before the hearing, and in it as soon as a voice was heard that has no microphone of its own.
  enrolled() {
    const { spoken, state, live, hearing, seatsChanged } = this.record;
    if (!hearing || !this.page.may("voices") || !(state === "draft" || (live && (spoken.voices.size || spoken.changed)))) return nothing;
    return html`<voice-list .hearing=${this.page.id} .seats=${hearing.seats} ?draft=${state === "draft"}
      .stamp=${[spoken.voices.size, spoken.changed, seatsChanged, state].join()} @shown=${() => this.page.requestUpdate()}></voice-list>`;
  }

  made() {
    const { steps } = this.record.spoken;
    if (!steps.length) return nothing;
    return html`<section class="made"><h3>${t("who.made")}</h3><ul>${steps.slice(-5).reverse().map((step, index) => html`<li>
      <span>${told(this, step)}</span>${index === 0 && this.record.state !== "sealed" ? html`<button type="button" class="quiet" data-act="undo"
        @click=${() => this.page.undoStep()}>${t("words.undo")} (U)</button>` : nothing}</li>`)}</ul></section>`;
  }
}
customElements.define("speaker-panel", SpeakerPanel);

const TOLD = {
  speaker: (panel, { turns }) => t("who.made.speaker", turns.length, panel.named(turns[0].after)),
  name: (panel, { naming }) => t("who.made.name", voice(naming.label), panel.named(naming.after)),
  split: (panel, { cut }) => t("who.made.split", cut.at_word),
  tag: (panel, { tag }) => t("hand.tagged", court(tag)),
};
const told = (panel, step) => (TOLD[step.kind] ? TOLD[step.kind](panel, step) : t(`hand.made.${step.kind}`));

function voicesOf(record) {
  const counts = new Map();
  for (const { turn } of record.rows) {
    const label = turn && turn.how === "cluster" && turn.seat === null && record.spoken.voices.get(turn.id);
    if (label && unnamed(label)) counts.set(label, (counts.get(label) ?? 0) + 1);
  }
  return [...counts];
}

// The way to the panel, beside the record.
export function speakersButton(page) {
  const panel = page.querySelector("speaker-panel");
  const introduced = panel?.querySelector("voice-list")?.offers.length ?? 0;
  const waiting = (panel?.found.proposals.length ?? 0) + (panel?.found.offers.length ?? 0) + introduced;
  return html`<p class="more"><button type="button" class="link" data-act="speakers" aria-expanded=${String(panel?.dialog.value?.open ?? false)}
    @click=${() => page.querySelector("speaker-panel").toggle()}>${t("who.title")}</button>
    ${waiting ? html`<small class="warn" data-waiting>${t("who.waiting", waiting)}</small>` : nothing}</p>`;
}
