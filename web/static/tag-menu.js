// The marks of the chosen turn, a digit each.
import { html, ref } from "./vendor/lit.js";
import { TAGS } from "./hand.js";
import { court, t } from "./i18n.js";
import { Panel } from "./panel.js";

export class TagMenu extends Panel {
  toggle() {
    if (this.page.hand.row || this.dialog.value.open) super.toggle();
  }

  key(event) {
    const tag = TAGS[Number(event.key) - 1];
    if (tag && !event.isComposing) this.choose(tag);
    else super.key(event);
  }

  choose(tag) {
    this.page.hand.tag(tag);
    this.close();
  }

  render() {
    const tags = this.page?.hand.row?.turn.tags ?? [];
    return html`<dialog class="side tag-menu" ${ref(this.dialog)} aria-labelledby="tag-menu-title" @keydown=${(event) => this.key(event)}>
      ${this.head("tag-menu-title", t("tags.title"))}
      <div class="choices">${TAGS.map((tag, index) => html`<button type="button" aria-pressed=${tags.includes(tag)} @click=${() => this.choose(tag)}>
        ${court(tag)} <kbd>${index + 1}</kbd></button>`)}</div></dialog>`;
  }
}
customElements.define("tag-menu", TagMenu);
