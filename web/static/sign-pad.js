// The field in which a name is written, by pen, finger or mouse, with the time of every point; and the picture of a 捺印.
import { createRef, html, nothing, ref } from "./vendor/lit.js";
import { Element } from "./element.js";
import { t } from "./i18n.js";

const FIELD = 10000;
const MOST_PX = 500;
const LINE = 3;

class SignPad extends Element {
  static properties = { both: { type: Boolean }, strokes: { state: true }, image: { state: true }, error: { state: true } };

  constructor() {
    super();
    Object.assign(this, { strokes: [], image: "", began: 0, canvas: createRef(), shown: createRef() });
  }

  firstUpdated() {
    this.sizes = new ResizeObserver(() => this.draw());
    this.sizes.observe(this.canvas.value);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.sizes?.disconnect();
  }

  point(event) {
    const box = this.canvas.value.getBoundingClientRect();
    const within = (at, size) => Math.round(Math.min(1, Math.max(0, at / size)) * FIELD);
    this.began ||= event.timeStamp;
    return [within(event.clientX - box.left, box.width), within(event.clientY - box.top, box.height), Math.round(event.timeStamp - this.began)];
  }

  down(event) {
    event.preventDefault();
    this.canvas.value.setPointerCapture(event.pointerId);
    this.pointer = event.pointerId;
    this.strokes = [...this.strokes, { points: [this.point(event)] }];
  }

  // All points that the pen gave since the last event, not only the newest.
  move(event) {
    if (event.pointerId !== this.pointer) return;
    const { points } = this.strokes.at(-1);
    for (const one of event.getCoalescedEvents?.() ?? [event]) points.push(this.point(one));
    this.draw();
  }

  up(event) {
    if (event.pointerId === this.pointer) this.pointer = null;
    this.requestUpdate();
  }

  updated() {
    this.draw();
  }

  draw() {
    const canvas = this.canvas.value;
    const { width, height } = canvas.getBoundingClientRect();
    const dots = devicePixelRatio;
    Object.assign(canvas, { width: width * dots, height: height * dots });
    const pen = canvas.getContext("2d");
    Object.assign(pen, { lineWidth: LINE * dots, lineCap: "round", lineJoin: "round", strokeStyle: getComputedStyle(canvas).color });
    for (const { points } of this.strokes) {
      pen.beginPath();
      for (const [x, y] of points) pen.lineTo((x / FIELD) * canvas.width, (y / FIELD) * canvas.height);
      pen.stroke();
    }
  }

  clear() {
    Object.assign(this, { strokes: [], began: 0 });
  }

  // The picture, no larger than it need be, as PNG; it is drawn, never loaded by an address.
  async take(event) {
    const [file] = event.target.files;
    if (!file) return;
    this.error = null;
    try {
      const picture = await createImageBitmap(file);
      const shrink = Math.min(1, MOST_PX / Math.max(picture.width, picture.height));
      const canvas = this.shown.value;
      Object.assign(canvas, { width: picture.width * shrink, height: picture.height * shrink });
      canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
      [, this.image] = canvas.toDataURL("image/png").split(",");
    } catch {
      this.image = "";
      this.error = t("sign.image.bad");
    }
  }

  get whole() {
    const written = this.strokes.some(({ points }) => points.length > 1);
    return this.both ? written && this.image : written || this.image;
  }

  send() {
    this.dispatchEvent(new CustomEvent("sign", { detail: { strokes: this.strokes, image: this.image } }));
  }

  render() {
    return html`<p>${t(this.both ? "sign.pad.both" : "sign.pad")}</p>
      <canvas class="pad" ${ref(this.canvas)} role="img" aria-label=${t("sign.pad.label", this.strokes.length)}
        @pointerdown=${this.down} @pointermove=${this.move} @pointerup=${this.up} @pointercancel=${this.up}></canvas>
      <p class="row"><button type="button" @click=${this.clear} ?disabled=${!this.strokes.length}>${t("sign.pad.clear")}</button></p>
      <label class="button picture">${t("sign.image")}<input type="file" accept="image/*" capture="environment" @change=${this.take}></label>
      <canvas class="print" ${ref(this.shown)} role="img" aria-label=${t("sign.image.shown")} ?hidden=${!this.image}></canvas>
      ${this.error ? html`<p class="bad" role="alert">${this.error}</p>` : nothing}
      <button type="button" class="main big" data-act="sign" ?disabled=${!this.whole} @click=${this.send}>${t("sign.do")}</button>`;
  }
}
customElements.define("sign-pad", SignPad);
