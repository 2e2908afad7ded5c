// The judge's screen: settled text, large and calm, to read, to hear again, and to note by oneself. Nothing can be changed here.
import { createRef, html, nothing, ref } from "./vendor/lit.js";
import * as api from "./api.js";
import "./bench-notes.js";
import { benchRows, newest } from "./bench-rows.js";
import { Drawn } from "./chunks.js";
import { Element, brand, languageSwitch } from "./element.js";
import { Case } from "./fold.js";
import { court, sentence, t } from "./i18n.js";
import { Player } from "./player.js";
import { light, wordUnder } from "./pointing.js";
import { Signings, mark } from "./signing.js";
import { Socket } from "./socket.js";
import { Tail } from "./tail.js";
import { takers } from "./takers.js";

const ID = decodeURIComponent(location.pathname.split("/")[2]);
const TYPING = "input, textarea, select, dialog, [contenteditable]";

class BenchPage extends Element {
  constructor() {
    super();
    Object.assign(this, { id: ID, record: new Case(), tentative: new Map(), connection: "connecting", caughtUp: false, unseen: 0 });
    Object.assign(this, { player: new Player(ID), drawn: new Drawn(), main: createRef(), rights: [], noted: new Set() });
    this.signing = new Signings(this);
  }

  connectedCallback() {
    super.connectedCallback();
    this.socket = new Socket(() => `/ws/hearings/${encodeURIComponent(ID)}?after=${this.record.seq}`,
      (message) => this.take(message), (state) => this.connected(state));
    document.addEventListener("keydown", (event) => this.pressed(event));
    this.player.addEventListener("changed", () => this.requestUpdate());
    this.player.addEventListener("moved", () => this.follow());
    api.rights(ID).then((rights) => Object.assign(this, { rights }), () => {}).then(() => this.requestUpdate());
  }

  firstUpdated() {
    this.tail = new Tail(this.main.value, () => {
      this.unseen = 0;
      this.requestUpdate();
    });
  }

  async scheduleUpdate() {
    await new Promise((resolve) => (document.hidden ? setTimeout(resolve, 200) : requestAnimationFrame(resolve)));
    super.scheduleUpdate();
  }

  updated() {
    this.tail?.keep();
    this.signing.keep();
    if (!this.drawn.whole) this.requestUpdate();
  }

  connected(state) {
    this.connection = state;
    this.requestUpdate();
  }

  take(message) {
    const whole = TAKERS[message.type]?.(this, message);
    this.requestUpdate();
    return whole;
  }

  // The turn that was chosen: the one that has the focus.
  get chosen() {
    const key = document.activeElement?.closest?.("article[data-key]")?.dataset.key;
    return this.record.rows.find((row) => row.key === key) ?? null;
  }

  hear(at) {
    this.tail.release();
    return this.player.play(at);
  }

  clicked(event) {
    const element = event.target.closest?.("article[data-key]");
    if (!element || !getSelection().isCollapsed) return;
    const row = this.record.rows.find((one) => one.key === element.dataset.key);
    element.focus({ preventScroll: true });
    if (event.target.closest(".jot")) this.jot(row);
    else this.hear(event.target.closest(".said") ? wordUnder(event, row.turn)?.start_ms ?? row.at : row.at);
  }

  pressed(event) {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.target.closest?.(TYPING)) return;
    if (KEYS[event.key]?.(this, event)) event.preventDefault();
  }

  step(by) {
    const turns = [...this.querySelectorAll("article[data-key]")];
    const at = turns.indexOf(document.activeElement.closest("article[data-key]"));
    const next = at >= 0 ? turns[at + by] : by < 0 ? turns.at(-1) : turns.find((one) => this.inSight(one));
    if (next && by < 0) this.tail.release();
    next?.focus({ preventScroll: true });
    next?.scrollIntoView({ block: "nearest" });
    return Boolean(next);
  }

  inSight(element) {
    return element.getBoundingClientRect().top >= this.main.value.getBoundingClientRect().top;
  }

  // Plays what was chosen, or goes on, or pauses.
  space() {
    const { player, chosen } = this;
    if (!this.record.format) return false;
    const elsewhere = chosen && !(player.started && player.at >= chosen.at && player.at < chosen.turn.end_ms);
    if (!player.playing && elsewhere) this.hear(chosen.at);
    else player.toggle();
    return true;
  }

  jump(ms) {
    if (this.record.format) this.player.jump(ms);
    return Boolean(this.record.format);
  }

  // A note on the chosen turn, or on the newest one.
  jot(row = this.chosen ?? this.record.rows.findLast((one) => one.kind === "turn" && !one.turn.suppressed)) {
    const notes = this.querySelector("bench-notes");
    if (notes) notes.add(row ?? null);
    return Boolean(notes);
  }

  back() {
    this.main.value.focus({ preventScroll: true });
    this.tail.back();
    return true;
  }

  follow() {
    const row = this.record.turnAt(this.player.at);
    const element = light(row, this.player.at);
    if (element && row.key !== this.lit) element.scrollIntoView({ block: "nearest" });
    this.lit = row?.key;
  }

  // To the place of a note: its turn, or, where that is gone, what was said at its moment.
  async show({ turn_id, at_ms }) {
    this.tail.release();
    while (!this.drawn.whole) await this.updateComplete;
    const find = (key) => key && this.querySelector(`article[data-key="${CSS.escape(key)}"]`);
    const element = find(turn_id && `turn-${turn_id}`) ?? find(this.record.turnAt(at_ms)?.key);
    element?.scrollIntoView({ block: "center" });
    element?.focus({ preventScroll: true });
  }

  noticed(event) {
    this.noted = new Set(event.detail);
    this.requestUpdate();
  }

  render() {
    const { record } = this;
    document.title = [t("bench.title"), record.hearing?.case_number, t("brand")].filter(Boolean).join(" · ");
    const notes = this.rights.includes("notes");
    return html`<header class="top">${brand()}<h1>${t("bench.title")}</h1><span class="soft">${record.hearing?.case_number ?? ""}</span>
        <span class="grow"></span>${record.hearing ? this.standing() : nothing}<a class="button quiet" href="/hearings/${ID}">${t("bench.desk")}</a>${languageSwitch()}</header>
      <main ${ref(this.main)} tabindex="0" @click=${this.clicked} aria-label=${t("bench.text")}>
        <div class="column">${this.caughtUp ? this.column() : html`<p class="soft">${this.waiting()}</p>`}</div></main>
      ${notes ? html`<bench-notes .page=${this} @noted=${this.noticed}></bench-notes>` : nothing}
      <div class="over">${this.pill()}</div>
      <footer>${mark(this)}<p class="keys soft">${this.player.failed ? t("problem.play") : t(notes ? "bench.keys" : "bench.keys.read")}</p></footer>`;
  }

  waiting() {
    return t(this.connection === "missing" ? "live.missing" : this.connection === "refused" ? "live.refused" : "live.loading");
  }

  standing() {
    const { record, connection } = this;
    const stage = record.stages.at(-1)?.name;
    if (record.live && connection !== "open") return html`<span class="warn" role="status">${t("live.connecting")}</span>`;
    return html`${stage ? html`<strong class="stage">${court(stage)}</strong>` : nothing}
      <span class="soft" role="status">${record.pause ? t("live.paused", court(record.pause.reason)) : t(`state.${record.state}`)}</span>`;
  }

  column() {
    const { record } = this;
    return html`${this.error ? html`<p class="banner bad" role="alert">${sentence(this.error)}</p>` : nothing}
      ${benchRows(this)} <div class="tail">${record.live ? newest(this) : nothing}</div>
      ${record.live && !record.rows.length ? html`<p class="soft">${t("live.waiting")}</p>` : nothing}`;
  }

  pill() {
    if (!this.tail || this.tail.held || !this.record.live) return nothing;
    return html`<button type="button" class="pill main" @click=${() => this.back()}>↓ ${this.unseen ? t("live.tail.new", this.unseen) : t("live.tail")}</button>`;
  }
}

const KEYS = {
  " ": (page, event) => !event.target.closest("button, a, summary") && page.space(),
  Enter: (page, event) => !event.target.closest("button, a, summary") && Boolean(page.chosen) && Boolean(page.hear(page.chosen.at)),
  ArrowUp: (page) => page.step(-1),
  ArrowDown: (page) => page.step(1),
  ArrowLeft: (page) => page.jump(-5000),
  ArrowRight: (page) => page.jump(5000),
  n: (page) => page.jot(),
  N: (page) => page.jot(),
  Escape: (page) => page.back(),
};

const TAKERS = takers({
  caught_up(page) {
    if (!page.caughtUp && !page.record.live) page.tail.release();
    page.caughtUp = true;
  },
});
customElements.define("bench-page", BenchPage);
