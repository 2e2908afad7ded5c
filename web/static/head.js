// The head of a hearing: case, stage, clock, lag, copies, disk, and the clerk's commands.
import { html, nothing } from "./vendor/lit.js";
import * as api from "./api.js";
import { PAUSE_REASONS, stagesOf } from "./courtroom.js";
import { isClosing } from "./closing.js";
import { brand, languageSwitch } from "./element.js";
import { findButton } from "./find-panel.js";
import { court, t } from "./i18n.js";
import { screensMenu } from "./screens.js";
import { hoursLeft } from "./problems.js";
import { clock } from "./times.js";

export function head(page) {
  const { record } = page;
  const { hearing } = record;
  return html`<header class="top head">${brand()}
    <h1>${hearing?.case_number || (hearing ? t("list.unnamed") : "")}</h1>
    ${hearing ? html`<span class="soft">${[court(hearing.kind), hearing.courtroom].filter(Boolean).join(" · ")}</span>` : nothing}
    ${record.live && !isClosing(page) ? stage(page, page.may("conduct")) : nothing}
    <span class="grow"></span>
    ${record.format ? figures(page) : nothing}
    ${record.rows.length ? findButton(page) : nothing} ${hearing ? screensMenu(page) : nothing} ${languageSwitch()}
    ${hearing && page.connection !== "missing" ? commands(page) : nothing}</header>`;
}

// A menu that closes again after a choice, on Escape and when the focus leaves it.
function menu(name, label, items) {
  const shut = (details) => { details.open = false; };
  return html`<details class="menu ${name}" @click=${(event) => event.target.closest(".item") && shut(event.currentTarget)}
    @keydown=${(event) => event.key === "Escape" && shut(event.currentTarget)}
    @focusout=${(event) => event.relatedTarget && !event.currentTarget.contains(event.relatedTarget) && shut(event.currentTarget)}>
    <summary class="button">${label} <span aria-hidden="true">▾</span></summary><div class="items">${items}</div></details>`;
}

const item = (label, act, current = false) => html`<button type="button" class="item" aria-current=${current ? "true" : nothing}
  @click=${act}>${label}</button>`;

function stage(page, choose) {
  const { record } = page;
  const now = record.stages.at(-1)?.name;
  if (!choose) return now ? html`<span>${court(now)}</span>` : nothing;
  const names = stagesOf(record.hearing.kind);
  return menu("stages", now ? court(now) : t("live.stage.none"), html`<p>${t("live.stage.choose")}</p>
    ${names.map((name) => item(court(name), () => page.attempt(() => api.stage(page.id, name)), name === now))}`);
}

function figures(page) {
  const { record, status } = page;
  const state = isClosing(page) ? "closing" : record.state;
  if (!record.live || state === "closing") return html`<span class="state ${state}">${t(`state.${state}`)}</span>
    <span class="soft figure">${clock(record.lengthMs || page.elapsed)}</span>`;
  const hours = hoursLeft(page);
  const copies = status?.copies ?? "unknown";
  const lag = (status?.final_lag_ms ?? 0) / 1000;
  return html`${record.state === "recording"
      ? html`<span class="rec figure" role="timer" aria-label=${t("live.recording")}><i></i>${clock(page.elapsed)}</span>`
      : html`<span class="warn">${t("live.paused", court(record.pause?.reason ?? ""))}</span>`}
    ${status ? html`<span class="soft fact">${t("live.lag")} <b class="figure ${lag < 3 ? "ok" : "warn"}">${t("live.seconds", lag.toFixed(1))}</b></span>
      <span class="soft fact">${t("live.copies")} <b class=${copies === "same" ? "ok" : "warn"}>${t(`live.copies.${copies}`)}</b></span>` : nothing}
    ${hours === null ? nothing : html`<span class="soft fact">${t("live.hours", hours)}</span>`}`;
}

function commands(page) {
  const { state } = page.record;
  const give = (name, send) => () => page.command.give(name, () => send(page.id));
  const close = html`<button type="button" class="end" @click=${() => page.ask("close")}>${t("live.close")}</button>`;
  if (page.record.live && isClosing(page)) return nothing;
  if (page.record.live && !page.may("conduct")) return nothing;
  if (state === "draft") return html`<a class="button" href="/hearings/${page.id}/setup">${t("live.setup")}</a>`;
  if (state === "recording") return html`${menu("pause", t("live.pause"), html`<p>${t("live.pause.why")}</p>
    ${PAUSE_REASONS.map((reason) => item(court(reason), give("pause", (id) => api.pause(id, reason))))}`)} ${close}`;
  if (state === "paused") return html`<button type="button" class="main"
    @click=${give("resume", api.resume)}>${t("live.resume")}</button> ${close}`;
  return html`<button type="button" @click=${() => window.print()}>${t("read.print")}</button>`;
}
