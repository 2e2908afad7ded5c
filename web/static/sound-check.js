// The 10-second sound check: listens to the recorder's levels and says of every seat what was heard.
import { html, nothing } from "./vendor/lit.js";
import { Element } from "./element.js";
import { t } from "./i18n.js";

const SECONDS = 10;
const HEARD_DB = -45;
const QUIET_DB = -58;

// What one microphone's seconds of levels say: "heard" | "quiet" | "clipping" | "dead" | "none".
export function judge(levels) {
  if (levels.every((level) => level.state === "dead")) return "dead";
  if (levels.some((level) => level.clipped > 0 || level.state === "clipping")) return "clipping";
  const loudest = Math.max(...levels.map((level) => level.rms_db ?? -Infinity));
  if (loudest >= HEARD_DB) return "heard";
  return loudest >= QUIET_DB ? "quiet" : "none";
}

const GRAVITY = ["clipping", "dead", "none", "quiet", "heard"];

// Verdict per seat id; `seconds` is a list of the channels' levels. A seat with two microphones needs both.
export function verdicts(seats, seconds) {
  return Object.fromEntries(seats.map((seat) => {
    if (!seat.channels.length) return [seat.id, "nomic"];
    const heard = seat.channels.map((channel) => seconds.map((levels) => levels[channel]).filter(Boolean));
    if (heard.some((levels) => !levels.length)) return [seat.id, "nodata"];
    const judged = heard.map(judge);
    return [seat.id, GRAVITY.find((verdict) => judged.includes(verdict))];
  }));
}

class SoundCheck extends Element {
  static properties = { seats: {}, ready: { type: Boolean }, left: { state: true }, result: { state: true } };

  start() {
    this.seconds = [];
    this.left = SECONDS;
    this.tell(null);
    this.timer = setInterval(() => this.tick(), 1000);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearInterval(this.timer);
  }

  // One second of the recorder's levels, while the check is running.
  hear(levels) {
    if (this.left) this.seconds.push(levels);
  }

  tick() {
    this.left -= 1;
    if (this.left > 0) return;
    clearInterval(this.timer);
    this.tell(verdicts(this.seats, this.seconds));
  }

  tell(result) {
    this.result = result;
    this.dispatchEvent(new CustomEvent("verdicts", { detail: result }));
  }

  render() {
    return html`<section class="panel"><h2>${t("check.title")}</h2><p>${t("check.how")}</p>
      <div class="check" aria-live="polite">${this.left ? this.counting() : this.button()}</div></section>`;
  }

  counting() {
    return html`<progress max=${SECONDS} .value=${SECONDS - this.left} aria-label=${t("check.title")}></progress>
      <strong>${t("check.left", this.left)}</strong>`;
  }

  button() {
    const all = this.result && Object.values(this.result).every((verdict) => verdict === "heard");
    return html`<button type="button" ?disabled=${!this.ready} @click=${this.start}>
        ${t(this.result ? "check.again" : "check.start")}</button>
      ${this.result ? html`<strong class=${all ? "ok" : "bad"}>${t(all ? "check.all" : "check.some")}</strong>` : nothing}`;
  }
}
customElements.define("sound-check", SoundCheck);
