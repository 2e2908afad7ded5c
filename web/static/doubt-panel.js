// One queue of what to listen to, the riskiest first, with how much is probably still wrong. Opens by itself at a recess.
import { html, nothing, ref } from "./vendor/lit.js";
import { queue } from "./doubts.js";
import { court, t } from "./i18n.js";
import { Panel } from "./panel.js";
import { clock } from "./times.js";

const SHOWN = 100;
const EXCERPT = 60;

export function doubtButton(page) {
  const { list } = page.doubts;
  return html`<p class="more"><button type="button" class="link" data-act="doubts" aria-expanded=${String(page.querySelector("doubt-panel")?.dialog.value?.open ?? false)}
    @click=${() => page.querySelector("doubt-panel").toggle()}>${t("doubt.title")}</button> ${list.length ? html`<span class="count">${list.length}</span>` : nothing}</p>`;
}

// The names that the case knows: of people in the set-up, and its words.
export const namesOf = ({ hearing, caseWords }) => [...new Set([...hearing.seats.map(({ person }) => person), ...caseWords.filter(({ kind }) => kind !== "term").map(({ text }) => text)])].filter(Boolean);

export class Doubts {
  constructor(record) {
    Object.assign(this, { record, names: [], stamp: "" });
  }

  // The queue as it stands; looked at again only when something has changed.
  get found() {
    const { record } = this;
    const stamp = `${record.seq} ${record.wordsChanged}`;
    if (stamp === this.stamp) return this.last;
    const names = namesOf(record);
    if (names.join() !== this.names.join()) this.names = names;
    this.stamp = stamp;
    this.last = queue(record, this.names);
    return this.last;
  }
}

export class DoubtPanel extends Panel {
  static properties = { ...Panel.properties, stamp: {} };

  render() {
    if (!this.page?.caughtUp) return html`<dialog ${ref(this.dialog)}></dialog>`;
    const { list, errors } = this.page.doubts;
    return html`<dialog class="side doubts" ${ref(this.dialog)} aria-labelledby="doubts-title" @keydown=${(event) => this.key(event)}>
      ${this.head("doubts-title", t("doubt.title"))}
      ${this.dialog.value?.open ? html`<p class="left"><b>${t("doubt.left", Math.round(errors))}</b> <small>${t("doubt.left.how")}</small></p>
        <p class="soft">${t("doubt.how")}</p>
        <ol>${list.slice(0, SHOWN).map((doubt) => this.line(doubt))}</ol>
        ${list.length > SHOWN ? html`<p class="soft">${t("doubt.more", list.length - SHOWN)}</p>` : nothing}
        ${list.length ? nothing : html`<p class="ok">${t("doubt.none")}</p>`}` : nothing}</dialog>`;
  }

  line({ row, kinds }) {
    const seat = this.record.seat(row.turn.seat);
    const text = row.text.length > EXCERPT ? `${row.text.slice(0, EXCERPT)}…` : row.text;
    return html`<li><button type="button" class="quiet" @click=${() => this.page.go(row)}><small class="figure">${clock(row.at)}</small>
      <span class="who c${this.record.colour(row.turn.seat)}">${seat ? seat.short || court(seat.role) : ""}</span>
      <small>${kinds.map((kind) => t(`doubt.${kind}`)).join(" · ")}</small><span class="text">${text}</span></button></li>`;
  }
}
customElements.define("doubt-panel", DoubtPanel);
