// The clerk's hand on the screens outside: a button with what is dark, a menu for each kind, and what stages darken.
import { html, nothing } from "./vendor/lit.js";
import * as api from "./api.js";
import { SCREEN_KINDS } from "./blanking.js";
import { PAUSE_REASONS, stagesOf } from "./courtroom.js";
import { court, t } from "./i18n.js";

const turned = (page, dark, kinds) => page.attempt(() => (dark ? api.lightScreens(page.id, kinds) : api.blankScreens(page.id, kinds)));

// One key: what is lit goes dark; when all is dark, all is lit again.
export function toggleScreens(page) {
  if (!page.may("conduct") || page.record.state === "sealed") return false;
  turned(page, page.record.blanking.all, SCREEN_KINDS);
  return true;
}

export function screensMenu(page) {
  const { blanking, state } = page.record;
  if (!page.may("conduct") || state === "sealed") return nothing;
  const dark = SCREEN_KINDS.filter((kind) => blanking.isDark(kind));
  const name = !dark.length ? t("screens.lit") : blanking.all ? t("screens.dark") : t("screens.some", `${dark.length}/${SCREEN_KINDS.length}`);
  return html`<details class="menu screens" @keydown=${shutOnEscape} @focusout=${shutOnLeave} @toggle=${(event) => learn(page, event)}>
    <summary class="button ${dark.length ? "warn" : ""}">${name} <span aria-hidden="true">▾</span></summary><div class="items">
      <p>${t("screens.how")}</p>
      <button type="button" class="item main" @click=${() => toggleScreens(page)}>${t(blanking.all ? "screens.light" : "screens.blank")} <kbd>B</kbd></button>
      ${SCREEN_KINDS.map((kind) => html`<label class="choice"><input type="checkbox" .checked=${!blanking.isDark(kind)}
        @change=${() => turned(page, blanking.isDark(kind), [kind])}> ${t(`link.${kind}`)}
        <span class="soft">${t(blanking.isDark(kind) ? "screens.kind.dark" : "screens.kind.lit")}</span></label>`)}
      ${page.blankingRules ? rules(page) : nothing}</div></details>`;
}

function rules(page) {
  const names = [...new Set(["证人出庭", ...stagesOf(page.record.hearing.kind), ...PAUSE_REASONS])];
  return html`<table><caption>${t("screens.rules")}</caption>
    <thead><tr><th></th>${SCREEN_KINDS.map((kind) => html`<th scope="col">${t(`link.${kind}`)}</th>`)}</tr></thead>
    <tbody>${names.map((name) => html`<tr><th scope="row">${court(name)}</th>${SCREEN_KINDS.map((kind) => rule(page, name, kind))}</tr>`)}</tbody></table>`;
}

function rule(page, name, kind) {
  const kinds = page.record.blanking.rules.get(name) ?? page.blankingRules[name] ?? [];
  const has = kinds.includes(kind);
  const next = has ? kinds.filter((one) => one !== kind) : [...kinds, kind];
  return html`<td><input type="checkbox" .checked=${has} aria-label=${t("screens.rule", court(name), t(`link.${kind}`))}
    @change=${() => page.attempt(() => api.ruleBlanking(page.id, name, next))}></td>`;
}

async function learn(page, event) {
  if (!event.target.open) return;
  page.blankingRules = await api.blankingRules(page.id).catch(() => ({}));
  page.requestUpdate();
}

const shutOnEscape = (event) => {
  if (event.key === "Escape") event.currentTarget.open = false;
};
const shutOnLeave = (event) => {
  if (event.relatedTarget && !event.currentTarget.contains(event.relatedTarget)) event.currentTarget.open = false;
};
