// A turn that was found, as a line: when, who, in which stage, and the text around with what was looked for marked.
import { html, nothing } from "./vendor/lit.js";
import { court, t, voice } from "./i18n.js";
import { clock } from "./times.js";

export const found = (hit) => html`<span class="found-head"><time class="figure">${clock(hit.start_ms)}</time>
    <b>${hit.seat ? court(hit.who) : voice(hit.who)}</b>${hit.stage ? html`<small class="soft">${court(hit.stage)}</small>` : nothing}
    ${hit.held ? html`<small class="warn">${t("find.held")}</small>` : nothing}</span>
  <span class="excerpt">${hit.excerpt.map(({ text, match }) => (match ? html`<mark>${text}</mark>` : text))}</span>`;

// Asks while somebody types: one question at a time, always the newest, and never an answer to an older one.
export class Asking {
  constructor(ask, answered) {
    Object.assign(this, { ask, answered, waiting: null, busy: false });
  }

  async look(query) {
    this.waiting = query;
    if (this.busy) return;
    this.busy = true;
    while (this.waiting) {
      const asked = this.waiting;
      this.waiting = null;
      const answer = await this.ask(asked).then((value) => [value, null], (error) => [null, error]);
      if (!this.waiting) this.answered(...answer);
    }
    this.busy = false;
  }
}

// Only what was filled in: the server refuses a question that asks for nothing.
export const filled = (query) => Object.fromEntries(Object.entries(query).filter(([, value]) => value !== "" && value !== null));
