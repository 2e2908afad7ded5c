// How loud the recording is, from the server's peaks: a bar for each two pixels, silence a thin line, and hatched where
// nothing was recorded. Press it to hear from exactly there (the keyboard has the strip above it, turn by turn).
import { createRef, html, ref } from "./vendor/lit.js";
import * as api from "./api.js";
import { Element } from "./element.js";
import { t } from "./i18n.js";

const BAR_PX = 2;
const GROWN_MS = 5000;
const MOST = 4000;

class WaveForm extends Element {
  static properties = { page: {}, from: { type: Number }, to: { type: Number }, at: { type: Number }, stamp: {} };

  constructor() {
    super();
    Object.assign(this, { from: 0, to: 0, at: -1, stamp: "", canvas: createRef(), found: null, drawn: 0 });
  }

  connectedCallback() {
    super.connectedCallback();
    this.sizes = new ResizeObserver(() => this.ask());
    this.dark = matchMedia("(prefers-color-scheme: dark)");
    this.dark.addEventListener("change", () => this.draw());
  }

  firstUpdated() {
    this.sizes.observe(this.canvas.value.parentElement);
  }

  updated(changed) {
    if (changed.has("at")) this.cursor();
    if (changed.has("from") || (changed.has("to") && this.from > 0)) this.ask();
    else if (changed.has("stamp") || changed.has("to")) this.askSoon();
    if (changed.has("from") || changed.has("to")) this.draw();
  }

  // What is recorded meanwhile is far less than a bar: every few seconds is often enough.
  askSoon() {
    this.soon ??= setTimeout(() => {
      this.soon = null;
      if (!document.hidden) this.ask();
    }, this.found ? GROWN_MS : 0);
  }

  // One question at a time; as long as the server has not read all of the sound, the next one follows.
  async ask() {
    const points = Math.min(MOST, Math.floor((this.canvas.value?.clientWidth ?? 0) / BAR_PX));
    if (points < 1 || this.to <= this.from) return;
    this.wanted = [this.from, this.to, points];
    if (this.asking) return;
    this.asking = true;
    while (this.wanted) {
      const wanted = this.wanted;
      this.wanted = null;
      const answer = await api.peaks(this.page.id, ...wanted).catch(() => null); // the page says what is wrong with the server
      if (answer) this.found = answer;
      if (answer?.more && this.isConnected) this.wanted ??= wanted;
      this.draw();
    }
    this.asking = false;
  }

  draw() {
    const canvas = this.canvas.value;
    const { clientWidth, clientHeight } = canvas ?? {};
    if (!clientWidth || !this.found) return;
    const ratio = window.devicePixelRatio || 1;
    canvas.width = Math.round(clientWidth * ratio);
    canvas.height = Math.round(clientHeight * ratio);
    const context = canvas.getContext("2d");
    const style = getComputedStyle(this);
    context.scale(ratio, ratio);
    const colours = { sound: style.getPropertyValue("--soft"), gap: style.getPropertyValue("--edge") };
    this.columns(clientWidth).forEach((level, index) => bar(context, index * BAR_PX, level, clientHeight, colours));
    this.drawn += 1;
    this.dataset.drawn = this.drawn;
    this.cursor();
  }

  // A level for each bar: 1 to 255, 0 where nothing was recorded, null where nobody knows yet.
  columns(width) {
    const { points, from_ms: from, to_ms: to, known_ms: known } = this.found;
    return [...Array(Math.floor(width / BAR_PX)).keys()].map((index) => {
      const ms = this.from + ((index + 0.5) * BAR_PX * (this.to - this.from)) / width;
      const level = points[Math.floor(((ms - from) * points.length) / (to - from))];
      return ms < known && level !== undefined ? level : null;
    });
  }

  cursor() {
    const cursor = this.querySelector(".cursor");
    cursor.hidden = this.at < this.from || this.at > this.to;
    cursor.style.left = `${(100 * (this.at - this.from)) / (this.to - this.from)}%`;
  }

  pointed(event) {
    const box = this.canvas.value.getBoundingClientRect();
    this.page.hear(this.from + ((event.clientX - box.left) / box.width) * (this.to - this.from));
  }

  render() {
    return html`<div class="wave"><canvas ${ref(this.canvas)} role="img" aria-label=${t("wave.label")} title=${t("wave.how")}
      @click=${this.pointed}></canvas><i class="cursor" hidden></i></div>`;
  }
}
customElements.define("wave-form", WaveForm);

function bar(context, x, level, height, colours) {
  if (level === null) return;
  const high = level ? Math.max(1, ((level - 1) / 254) * height) : 0;
  context.fillStyle = level ? colours.sound : colours.gap;
  if (level) context.fillRect(x, (height - high) / 2, BAR_PX - 0.5, high);
  else for (let y = (x / BAR_PX) % 3 * 2; y < height; y += 6) context.fillRect(x, y, BAR_PX, 1);
}
