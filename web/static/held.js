// What a rule held back: its reason in plain words, heard and restored in one click, and held back again.
import { html, nothing } from "./vendor/lit.js";
import { t } from "./i18n.js";

const RULES = ["no_speech", "known_invention", "prompt_echo", "loop", "no_voice", "too_much_text", "crosstalk"];

const reason = (rule) => (RULES.includes(rule) ? t(`held.${rule}`) : t("held.other", rule));

const act = (words, done) => html` · <button type="button" class="link" @click=${done}>${t(words)}</button>`;

export const listen = (page, at) => act("row.listen", () => page.hear(at));

export const held = (page, { key, turn, text }) => html`<div class="held" data-key=${key}>
  ${t("row.held", text, reason(turn.suppressed))}${listen(page, turn.start_ms)}
  ${page.readOnly ? nothing : act("row.restore", () => page.restore(turn.id))}</div>`;

// Below a turn that a person took back onto the record.
export const restored = (page, { turn, rule }) => (rule ? html`<p class="mended restored">${t("row.restored", reason(rule))}
  ${page.readOnly ? nothing : act("row.restore.undo", () => page.undoRestore(turn.id))}</p>` : nothing);
