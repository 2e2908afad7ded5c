// Sound levels: what a microphone's figures mean, and a bar that shows them without an inline style.
import { Directive, directive, html, noChange } from "./vendor/lit.js";
import { t } from "./i18n.js";

const FLOOR_DB = -60;

// The bar's length, 0 to 1, for a peak in dB full scale.
export const share = (db) => (db === null || db === undefined ? 0 : Math.min(1, Math.max(0, 1 - db / FLOOR_DB)));

// Sets a custom property by CSSOM: the Content-Security-Policy allows no style attributes.
class Property extends Directive {
  update(part, [name, value]) {
    if (value !== this.last) part.element.style.setProperty(name, value);
    this.last = value;
    return noChange;
  }

  render() {
    return noChange;
  }
}
export const property = directive(Property);

export function meter(level) {
  const full = share(level?.peak_db);
  return html`<span class="meter ${level?.state ?? "none"}" role="meter" aria-valuemin="0" aria-valuemax="100"
    aria-valuenow=${Math.round(full * 100)} aria-label=${t("seat.meter")} ${property("--full", full.toFixed(2))}></span>`;
}

// The worst of a seat's microphones is what the clerk must know; the loudest is what the bar shows.
const WORST = ["dead", "clipping", "silent", "ok"];

export function seatLevel(seat, channels) {
  const levels = seat.channels.map((channel) => channels?.[channel]).filter(Boolean);
  if (!levels.length) return null;
  const loudest = levels.reduce((a, b) => (b.peak_db > a.peak_db ? b : a));
  return { ...loudest, state: WORST.find((state) => levels.some((level) => level.state === state)) };
}
