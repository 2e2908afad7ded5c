// How far the signing of a hearing is, as its page knows it: asked of the server when the record has changed.
import { html, nothing } from "./vendor/lit.js";
import * as api from "./api.js";
import { t } from "./i18n.js";

const CALM_MS = 300;

export class Signings {
  constructor(page) {
    Object.assign(this, { page, stand: null, asked: -1 });
  }

  // Everybody has signed the record as it stands: until the server has said so of this very event, nobody has.
  get complete() {
    return Boolean(this.stand?.complete) && this.stand.seq === this.page.record.seq;
  }

  // Somebody is to sign, and it may have changed who has; while the recording runs, only an open panel wants to know.
  keep() {
    const { record, caughtUp } = this.page;
    if (!caughtUp || this.asked === record.seq || !record.signatories.size && !this.watched) return;
    if (record.state === "recording" && !this.watched) return;
    this.asked = record.seq;
    clearTimeout(this.calm);
    this.calm = setTimeout(() => this.look(), CALM_MS);
  }

  get watched() {
    return this.page.querySelector("signing-panel")?.dialog.value?.open;
  }

  async look() {
    this.stand = await api.signatures(this.page.id).catch(() => this.stand);
    this.page.requestUpdate();
  }

  // Whose signatures no longer cover the record (court.md B5).
  get lost() {
    return this.stand?.signatories.filter(({ state }) => state === "changed") ?? [];
  }
}

// The mark that stands on everything until all have signed (court.md D1).
export const mark = (page) => (page.signing.complete ? html`<p class="mark signed">${t("sign.complete")}</p>` : html`<p class="mark">${t("not.record")}</p>`);

export function signingButton(page) {
  const { stand } = page.signing;
  const open = stand?.requests.filter(({ decision }) => !decision).length ?? 0;
  return html`${page.may("signing") ? html`<p class="more"><button type="button" class="link" data-act="signing" aria-expanded=${String(Boolean(page.signing.watched))}
      @click=${() => page.querySelector("signing-panel").toggle()}>${t("signing.title")}</button> ${open ? html`<span class="count">${t("signing.requests.open", open)}</span>` : nothing}</p>` : nothing}
    ${page.may("sign") && page.record.signatories.size ? html`<p class="more"><a href="/hearings/${page.id}/sign">${t("signing.mine")}</a></p>` : nothing}`;
}
