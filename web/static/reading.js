// How the reader wants to see a text: numbers as spoken or as written, fillers or not, verbatim or condensed, with what
// was heard beneath what was edited or without. Kept in this browser.
import { html, nothing } from "./vendor/lit.js";
import { t } from "./i18n.js";

const CHOICES = { numbers: ["spoken", "written"], fillers: ["shown", "hidden"], layer: ["verbatim", "condensed"], heard: ["hidden", "shown"] };
const place = (name) => `tingji.${name}`;

const chosen = (name) => (localStorage.getItem(place(name)) === CHOICES[name][1] ? CHOICES[name][1] : CHOICES[name][0]);

export function turnOver(page, name) {
  const [first, second] = CHOICES[name];
  localStorage.setItem(place(name), chosen(name) === first ? second : first);
  page.requestUpdate();
  return true;
}

// The choices as a download's address tells them; JSON and RTTM have no choice.
export const choices = (format) => (["txt", "srt", "vtt"].includes(format) ? { numbers: chosen("numbers"), fillers: chosen("fillers"), layer: chosen("layer") } : null);

// The classes of what holds the text.
export const look = () => Object.keys(CHOICES).map((name) => `${name}-${chosen(name)}`).join(" ");

// A switch for each kind of mark that there is; the one for fillers says how many are not seen.
export function switches(page) {
  const { numbers, fillers, omitted, edited } = page.record.marks;
  return html`${numbers ? button(page, "numbers") : nothing} ${fillers ? button(page, "fillers", fillers) : nothing}
    ${omitted ? button(page, "layer", omitted) : nothing} ${edited ? button(page, "heard", edited) : nothing}`;
}

const button = (page, name, count) => html`<button type="button" class="reading" data-switch=${name}
  title=${t(`reading.${name}.how`)} @click=${() => turnOver(page, name)}>${t(`reading.${name}.${chosen(name)}`, count)}</button>`;
