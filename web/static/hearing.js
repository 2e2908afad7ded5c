// One hearing: live while it is recorded, to be read and heard afterwards. The same events make both.
import { createRef, html, nothing, ref } from "./vendor/lit.js";
import * as api from "./api.js";
import { aside } from "./aside.js";
import { Drawn } from "./chunks.js";
import { Codes } from "./codes.js";
import { Cues, cueNote } from "./cues.js";
import { Duties } from "./duties.js";
import "./statutes.js";
import { Command } from "./command.js";
import { Doubts } from "./doubt-panel.js";
import { Editing, drafts, editor } from "./editing.js";
import { Element } from "./element.js";
import { Case } from "./fold.js";
import { head } from "./head.js";
import { Hand } from "./hand.js";
import { court, t } from "./i18n.js";
import "./key-sheet.js";
import { Signings, mark } from "./signing.js";
import "./signing-panel.js";
import { keyDown } from "./keys.js";
import { Player } from "./player.js";
import { characterUnder, light, textRanges, wordUnder } from "./pointing.js";
import { banners } from "./problems.js";
import { questions } from "./questions.js";
import { look } from "./reading.js";
import { rows, tentative } from "./rows.js";
import "./speaker-strip.js";
import { Speaking, spokenNote } from "./speaking.js";
import { Socket } from "./socket.js";
import "./tag-menu.js";
import { Tail } from "./tail.js";
import { takers } from "./takers.js";
import { clock, moment } from "./times.js";
import { transport } from "./transport.js";
import { whoMenu } from "./who-menu.js";

const ID = decodeURIComponent(location.pathname.split("/")[2]);
const SILENT_MS = 15000;
const STARTED = "#started";
const TURN = "#turn-";

class HearingPage extends Element {
  constructor() {
    super();
    Object.assign(this, { id: ID, record: new Case(), tentative: new Map(), status: null, health: null, progress: null });
    Object.assign(this, { connection: "connecting", lostOnce: false, caughtUp: false, unseen: 0, error: null, now: 0, heardAt: 0 });
    this.rights = [];
    this.player = new Player(ID);
    this.drawn = new Drawn();
    this.command = new Command(this);
    this.speaking = new Speaking(this);
    this.editing = new Editing(this);
    this.codes = new Codes();
    this.cues = new Cues(this);
    this.duties = new Duties(this);
    this.hand = new Hand(this);
    this.doubting = new Doubts(this.record);
    this.signing = new Signings(this);
    this.main = createRef();
    if (location.hash === STARTED) this.command.given("start");
    this.wanted = location.hash.startsWith(TURN) ? decodeURIComponent(location.hash.slice(1)) : null;
    history.replaceState(null, "", location.pathname);
  }

  connectedCallback() {
    super.connectedCallback();
    this.socket = new Socket(() => `/ws/hearings/${encodeURIComponent(ID)}?after=${this.record.seq}`,
      (message) => this.take(message), (state) => this.connected(state),
      () => (this.record.live && this.status?.recorder_connected ? SILENT_MS : 0));
    setInterval(() => this.tick(), 500);
    document.addEventListener("keydown", (event) => keyDown(this, event));
    window.addEventListener("pagehide", () => this.editing.save());
    this.player.addEventListener("changed", () => this.requestUpdate());
    this.player.addEventListener("moved", () => this.follow());
  }

  firstUpdated() {
    this.tail = new Tail(this.main.value, () => {
      this.unseen = 0;
      this.requestUpdate();
    });
    for (const name of ["wheel", "touchmove"]) {
      this.main.value.addEventListener(name, () => { this.following = false; }, { passive: true });
    }
  }

  // At most one drawing per frame, however many messages come; in a hidden page a few a second.
  async scheduleUpdate() {
    await new Promise((resolve) => (document.hidden ? setTimeout(resolve, 200) : requestAnimationFrame(resolve)));
    super.scheduleUpdate();
  }

  connected(state) {
    this.connection = state;
    if (state === "lost") this.lostOnce = true;
    if (state !== "open") this.asked = false;
    this.requestUpdate();
  }

  // What this person may do here: nothing else is offered. The server refuses it in any case.
  async learnRights() {
    this.asked = true;
    this.name ??= api.me().then(({ name }) => { this.name = name; }, () => { this.name = null; });
    this.rights = await api.rights(ID).catch(() => this.rights);
    this.requestUpdate();
  }

  may(right) {
    return this.rights.includes(right);
  }

  take(message) {
    if (!this.asked) this.learned = this.learnRights();
    const whole = TAKERS[message.type]?.(this, message);
    this.requestUpdate();
    return whole;
  }

  tick() {
    this.now = performance.now();
    if (this.record.live || this.command.name) this.requestUpdate();
  }

  // How far the recording is (ms): the recorder's last word, and the time since.
  get elapsed() {
    if (!this.health) return 0;
    return this.health.at_ms + Math.min(2000, performance.now() - this.heardAt);
  }

  get readOnly() {
    return !this.record.live || !this.may("edit");
  }

  restore(turn) {
    return this.attempt(() => api.restore(ID, turn));
  }

  undoRestore(turn) {
    return this.attempt(() => api.undoRestore(ID, turn));
  }

  ask(name) {
    const dialog = this.querySelector(`dialog[data-ask="${name}"]`);
    dialog.querySelector("form").reset();
    dialog.showModal();
  }

  // A recess is the time to put right what is doubtful.
  recess() {
    if (!this.readOnly && this.editing.turnId === null && this.doubts.list.length) this.querySelector("doubt-panel")?.open();
  }

  // What was typed before the page was closed or lost its connection, and never arrived.
  async openDraft() {
    await this.learned;
    const row = drafts(this.id).map((turn) => this.record.rows.find(({ key }) => key === `turn-${turn}`)).find(Boolean);
    if (row && !this.readOnly) this.go(row, true);
  }

  select(key) {
    this.speaking.select(key);
  }

  nameVoice(label, to) {
    return this.speaking.name(label, to);
  }

  undoStep() {
    return this.hand.undo();
  }

  // What there is to doubt: the queue, and the errors that are probably left.
  get doubts() {
    return this.doubting.found;
  }

  // To the next doubtful turn behind the chosen one, round the record.
  nextDoubt() {
    const keys = new Set(this.doubts.list.map(({ row }) => row.key));
    const { rows } = this.record;
    const from = rows.findIndex(({ key }) => key === this.speaking.key) + 1;
    const next = [...rows.slice(from), ...rows.slice(0, from)].find(({ key }) => keys.has(key));
    if (next) this.go(next, this.editing.turnId !== null);
    else this.speaking.tell(t("doubt.none"));
    return true;
  }

  // Chooses a row and shows it; `edit`: with the caret in its text.
  async go(row, edit = false) {
    if (!(await this.editing.leave())) return;
    this.select(row.key);
    await this.show(row.key, "center");
    if (edit) await this.editing.open(row);
    else this.querySelector(`article[data-key="${CSS.escape(row.key)}"] button.at`)?.focus({ preventScroll: true });
  }

  // The next or previous turn, edited.
  step(by) {
    const turns = this.record.rows.filter(({ kind, turn }) => kind === "turn" && !turn.suppressed);
    const at = turns.findIndex(({ key }) => key === this.speaking.key);
    const next = at < 0 ? turns.at(-1) : turns[at + by];
    if (next) this.go(next, true);
    return true;
  }

  editChosen(caret) {
    const { row } = this.speaking;
    if (!row?.turn || row.turn.suppressed || this.readOnly) return false;
    this.editing.open(row, caret);
    return true;
  }

  // Where a stretch of a row's text is drawn.
  ranges(row, from, to) {
    const said = this.querySelector(`article[data-key="${CSS.escape(row.key)}"] .said`);
    return said ? textRanges(said, from, to) : [];
  }

  hear(at) {
    this.tail.release();
    this.following = true;
    return this.player.play(at);
  }

  clicked(event) {
    const element = event.target.closest?.("article[data-key]");
    if (!element || !getSelection().isCollapsed) return;
    const row = this.record.rows.find((candidate) => candidate.key === element.dataset.key);
    this.select(row.key);
    this.speaking.menu = event.target.closest(".who") && !this.readOnly ? row.key : null;
    if (event.target.closest("button.at")) this.hear(row.at);
    else if (event.target.closest(".said")) this.hear(wordUnder(event, row.turn)?.start_ms ?? row.at);
  }

  doubleClicked(event) {
    const said = event.target.closest?.("article[data-key] .said");
    if (!said) return;
    this.select(said.closest("article").dataset.key);
    const caret = characterUnder(event);
    getSelection().removeAllRanges();
    this.editChosen(caret);
  }

  // Lights up what is heard and keeps it in sight.
  follow() {
    const at = this.player.at;
    const row = this.record.turnAt(at);
    const element = light(row, at);
    if (element && row.key !== this.lit && this.following) element.scrollIntoView({ block: "nearest" });
    this.lit = row?.key;
    if (Math.floor(at / 1000) !== this.second) this.requestUpdate();
    this.second = Math.floor(at / 1000);
  }

  async show(key, block = "start") {
    this.tail.release();
    while (!this.drawn.whole) await this.updateComplete;
    this.querySelector(`[data-key="${CSS.escape(key)}"]`)?.scrollIntoView({ block });
  }

  // To this turn, and it is the chosen one.
  reach(key) {
    this.select(key);
    return this.show(key);
  }

  updated() {
    this.tail?.keep();
    this.speaking.mark();
    this.editing.place();
    this.hand.show();
    this.signing.keep();
    if (!this.drawn.whole) this.requestUpdate();
  }

  render() {
    const { record } = this;
    document.title = [record.hearing?.case_number || t("list.unnamed"), t("brand")].join(" · ");
    return html`${head(this)} ${aside(this)}
      ${banners(this)} ${this.strip()}
      <main ${ref(this.main)} tabindex="0" @click=${this.clicked} @dblclick=${this.doubleClicked} aria-label=${t("live.recording")}>
        <div class="column ${look()}">${this.caughtUp ? this.column() : html`<p class="soft">${t("live.loading")}</p>`}${editor(this)}</div></main>
      <div class="over">${whoMenu(this)}${cueNote(this)}${spokenNote(this)}${this.pill()}</div>${mark(this)}
      ${transport(this)} ${questions(this)} <statute-note .page=${this}></statute-note> <key-sheet .page=${this}></key-sheet> <find-panel .page=${this} .stamp=${record.seq}></find-panel>
      ${this.may("export") ? html`<documents-panel .page=${this} .stamp=${record.seq + (this.caughtUp ? 0.5 : 0)}></documents-panel>` : nothing}
      ${this.may("signing") ? html`<signing-panel .page=${this} .stamp=${record.seq} .stand=${this.signing.stand}></signing-panel>` : nothing}
      ${this.may("edit") ? this.panels(record.seq + (this.caughtUp ? 0.5 : 0)) : nothing}`;
  }

  panels(seq) {
    return html`<case-words .page=${this} .seq=${seq}></case-words><speaker-panel .page=${this} .stamp=${seq}></speaker-panel>
      <doubt-panel .page=${this} .stamp=${seq}></doubt-panel><tag-menu .page=${this}></tag-menu>
      <check-list .page=${this} .stamp=${seq}></check-list><code-panel .page=${this} .seats=${this.record.seatsChanged}></code-panel><evidence-panel .page=${this} .stamp=${seq}></evidence-panel>`;
  }

  strip() {
    if (!this.caughtUp || !(this.record.rows.length || this.record.format)) return nothing;
    return html`<speaker-strip .page=${this} .stamp=${this.record.seq} .at=${this.player.started ? this.player.at : -1}></speaker-strip>`;
  }

  column() {
    const { record } = this;
    return html`${this.title()}
      ${record.state === "draft" ? this.beginning() : nothing}
      ${rows(this)} <div class="tail">${tentative(this)}</div>
      ${record.live && !record.rows.length && !this.tentative.size ? html`<p class="soft">${t("live.waiting")}</p>` : nothing}`;
  }

  title() {
    const { hearing, openedAt, closedAt, lengthMs } = this.record;
    const times = [moment(openedAt), moment(closedAt), lengthMs ? clock(lengthMs) : ""].filter(Boolean).join(" – ");
    return html`<div class="title"><h2>${court(hearing.kind)}</h2>
      <p>${[hearing.case_number, hearing.courtroom, times].filter(Boolean).join(" · ")}</p></div>`;
  }

  beginning() {
    return html`<section class="begin"><p>${t("live.start.what")}</p>
      ${this.may("conduct") ? html`<button type="button" class="main" @click=${() => this.command.give("start", () => api.start(ID))}>${t("live.start")}</button>` : nothing}</section>`;
  }

  pill() {
    if (!this.tail || this.tail.held || !this.record.live) return nothing;
    return html`<button type="button" class="pill main" @click=${() => this.tail.back()}>↓
      ${this.unseen ? t("live.tail.new", this.unseen) : t("live.tail")}</button>`;
  }
}

const TAKERS = takers({
  caught_up(page) {
    page.lostOnce = false;
    if (page.caughtUp) return;
    page.caughtUp = true;
    if (!page.record.live) page.tail.release();
    if (page.wanted) page.updateComplete.then(() => page.reach(page.wanted)); // nothing is drawn yet
    else page.openDraft();
  },
  health(page, message) {
    page.health = message;
    page.heardAt = performance.now();
  },
  status(page, message) {
    page.status = message;
  },
  refused(page, message) {
    page.error = message.error;
  },
  progress(page, message) {
    page.progress = message;
  },
}, (page, type) => {
  if (type === "PauseStarted" && page.caughtUp) page.recess();
});
customElements.define("hearing-page", HearingPage);
