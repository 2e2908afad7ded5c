// The strip over the hearing: who spoke when. A lane for each seat, so that overlap stands one above the other;
// unsure speech is hatched. Drawn on a canvas from an aggregate, never an element per turn.
import { createRef, html, nothing, ref } from "./vendor/lit.js";
import { Element } from "./element.js";
import { court, t, voice } from "./i18n.js";
import { beside, columnsOf, lanesOf, nearest } from "./lanes.js";
import { clock } from "./times.js";
import "./wave-form.js";

const LANE_PX = 13;
const CALM_MS = 250;
const CLOSEST_MS = 60000;

class SpeakerStrip extends Element {
  static properties = { page: {}, stamp: {}, at: { type: Number } };

  constructor() {
    super();
    Object.assign(this, { stamp: "", at: -1, canvas: createRef(), chosen: null, drawn: 0, closeUp: null });
  }

  connectedCallback() {
    super.connectedCallback();
    this.sizes = new ResizeObserver(() => this.draw());
    this.dark = matchMedia("(prefers-color-scheme: dark)");
    this.dark.addEventListener("change", () => this.draw());
  }

  get record() {
    return this.page.record;
  }

  get lengthMs() {
    return Math.max(this.record.lengthMs, this.record.rows.reduce((end, row) => Math.max(end, row.turn?.end_ms ?? row.at), 0), 1000);
  }

  // The stretch of the timeline that is drawn: all of it, or what was zoomed into.
  get view() {
    return this.closeUp ?? { from: 0, to: this.lengthMs };
  }

  // Half or twice as much of the timeline, around what is heard, chosen, or the middle.
  zoom(by) {
    const { from, to } = this.view;
    const span = Math.max(CLOSEST_MS, (to - from) * by);
    if (span >= this.lengthMs) this.closeUp = null;
    else this.turnTo(this.at >= from && this.at < to ? this.at : this.row?.at ?? (from + to) / 2, span);
    this.requestUpdate();
    this.draw();
  }

  turnTo(ms, span) {
    const from = Math.min(Math.max(0, ms - span / 2), this.lengthMs - span);
    this.closeUp = { from, to: from + span };
  }

  // What is heard or chosen stays in sight.
  keep(ms) {
    const { from, to } = this.view;
    if (!this.closeUp || ms < 0 || (ms >= from && ms < to)) return;
    this.turnTo(ms, to - from);
    this.requestUpdate();
    this.draw();
  }

  firstUpdated() {
    this.sizes.observe(this.querySelector(".lanes"));
  }

  // New turns change a far smaller part than a pixel: a few drawings a second are enough.
  updated(changed) {
    if (changed.has("at")) {
      this.keep(this.at);
      this.cursor();
    }
    if (changed.has("stamp") && !this.waiting) {
      this.waiting = setTimeout(() => {
        this.waiting = null;
        this.requestUpdate();
        this.draw();
      }, this.drawn ? CALM_MS : 0);
    }
  }

  draw() {
    const canvas = this.canvas.value;
    const width = canvas?.parentElement.clientWidth ?? 0;
    if (!width) return;
    const lanes = this.lanes = lanesOf(this.record);
    const ratio = window.devicePixelRatio || 1;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.max(1, Math.round(lanes.length * LANE_PX * ratio));
    this.columns = columnsOf(this.record, lanes, canvas.width, this.view.to - this.view.from, this.view.from);
    const context = canvas.getContext("2d");
    const style = getComputedStyle(this);
    const high = LANE_PX * ratio;
    this.columns.forEach((lane, index) => {
      context.fillStyle = style.getPropertyValue("--line");
      context.fillRect(0, (index + 1) * high - ratio, canvas.width, ratio);
      context.fillStyle = style.getPropertyValue(`--c${lanes[index].colour}`);
      column(context, lane, index * high + ratio, high - 3 * ratio, ratio);
    });
    this.drawn += 1;
    this.dataset.drawn = this.drawn;
    this.cursor();
  }

  cursor() {
    const cursor = this.querySelector(".cursor");
    const { from, to } = this.view;
    cursor.hidden = this.at < from || this.at > to;
    cursor.style.left = `${(100 * (this.at - from)) / (to - from)}%`;
  }

  go(row) {
    if (!row) return;
    this.chosen = row.key;
    this.page.select(row.key);
    this.page.show(row.key);
    this.page.hear(row.at);
    this.requestUpdate();
  }

  pointed(event) {
    const box = this.canvas.value.getBoundingClientRect();
    const lane = Math.min(this.lanes.length - 1, Math.max(0, Math.floor((event.clientY - box.top) / LANE_PX)));
    const { from, to } = this.view;
    const ms = from + ((event.clientX - box.left) / box.width) * (to - from);
    this.go(nearest(this.record, this.lanes, lane, ms));
  }

  // Arrows go from turn to turn, Home and End to the first and last; Enter plays; + and - zoom.
  key(event) {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const by = { "+": 0.5, "=": 0.5, "-": 2 }[event.key];
    if (by || event.shiftKey) return by && this.zoomed(event, by);
    const move = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key];
    const ends = { Home: 1, End: -1 }[event.key];
    if (move) this.choose(beside(this.record, this.chosen, move));
    else if (ends) this.choose(beside(this.record, null, ends));
    else if (event.key === "Enter") this.go(this.row);
    else return;
    event.preventDefault();
  }

  zoomed(event, by) {
    event.preventDefault();
    this.zoom(by);
  }

  choose(row) {
    if (!row) return;
    this.chosen = row.key;
    this.page.select(row.key);
    this.page.show(row.key);
    this.at = row.at;
    this.keep(row.at);
    this.requestUpdate();
  }

  get row() {
    return this.record.rows.find((row) => row.key === this.chosen) ?? null;
  }

  get told() {
    const { row } = this;
    if (!row) return t("strip.none");
    const seat = this.record.seat(row.turn.seat);
    return `${clock(row.at)} ${seat ? court(seat.role) : voice(row.turn.speaker)}`;
  }

  render() {
    const lanes = lanesOf(this.record);
    return html`<div class="strip">
      <ol class="legend" aria-hidden="true">${lanes.map(({ name, colour, number }) => html`<li class="c${colour}" title=${voice(name)}>
        ${number && number < 10 ? html`<kbd>${number}</kbd>` : nothing}<span>${voice(name)}</span></li>`)}</ol>
      <div class="lanes"><canvas ${ref(this.canvas)} tabindex="0" role="slider" aria-label=${t("strip.label")} aria-description=${t("strip.how")}
        title=${t("strip.how")} aria-valuemin="0" aria-valuemax=${Math.round(this.lengthMs / 1000)}
        aria-valuenow=${Math.round((this.row?.at ?? 0) / 1000)} aria-valuetext=${this.told}
        @click=${this.pointed} @keydown=${this.key}></canvas><i class="cursor" hidden></i></div>
      ${this.record.format ? this.sound() : nothing}</div>`;
  }

  // How loud it is, below who spoke on the same timeline, and the way closer.
  sound() {
    const { from, to } = this.view;
    const button = (name, sign, by, off) => html`<button type="button" class="quiet" data-act=${name} aria-label=${t(`strip.${name}`)}
      title=${t(`strip.${name}`)} ?disabled=${off} @click=${() => this.zoom(by)}>${sign}</button>`;
    return html`<span class="zoom">${button("wider", "−", 2, !this.closeUp)}${button("closer", "+", 0.5, to - from <= CLOSEST_MS)}</span>
      <wave-form .page=${this.page} .from=${from} .to=${to} .at=${this.at} .stamp=${this.stamp}></wave-form>
      ${this.closeUp ? html`<small class="soft figure shown" role="status">${t("strip.shown", clock(from), clock(to))}</small>` : nothing}`;
  }
}
customElements.define("speaker-strip", SpeakerStrip);

// One lane: full where somebody speaks, hatched (every other diagonal left out) where it is unsure who.
function column(context, { speech, unsure }, top, height, ratio) {
  for (let x = 0; x < speech.length; x += 1) {
    if (!speech[x]) continue;
    if (unsure[x] > speech[x] / 2) hatch(context, x, top, height, ratio);
    else context.fillRect(x, top, 1, height);
  }
}

function hatch(context, x, top, height, ratio) {
  const step = 3 * ratio;
  for (let y = -((x % (2 * step)) + step); y < height; y += 2 * step) {
    const from = Math.max(0, y);
    const to = Math.min(height, y + step);
    if (to > from) context.fillRect(x, top + from, 1, to - from);
  }
}
