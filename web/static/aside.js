// Beside the record: seats with their levels, the log of stages, and behind the end exports and digests.
import { html, nothing } from "./vendor/lit.js";
import { exportUrl } from "./api.js";
import { documentsButton } from "./documents-panel.js";
import "./archive.js";
import { wordsButton } from "./case-words.js";
import { checklistButton } from "./checklist.js";
import { codesButton } from "./code-panel.js";
import { court, t } from "./i18n.js";
import { doubtButton } from "./doubt-panel.js";
import { evidenceButton } from "./evidence-panel.js";
import { signingButton } from "./signing.js";
import { speakersButton } from "./speaker-panel.js";
import { meter, seatLevel } from "./level.js";
import { choices } from "./reading.js";
import { clock, moment } from "./times.js";

const FORMATS = ["txt", "json", "srt", "vtt", "rttm"];

export function aside(page) {
  const { record } = page;
  if (!record.hearing) return html`<aside></aside>`;
  return html`<aside aria-label=${t("live.seats")}>
    <h2>${t("live.seats")}</h2>${[...record.hearing.seats, ...spare(page)].map((seat) => place(page, seat))}
    ${record.live && page.may("set_up") ? html`<p class="more"><a href="/hearings/${page.id}/setup">${t("live.setup")}</a></p>` : nothing}
    ${page.may("people") ? html`<p class="more"><a href="/hearings/${page.id}/people">${t("people.title")}</a></p>` : nothing}
    ${page.may("notes") ? html`<p class="more"><a href="/hearings/${page.id}/bench">${t("bench.title")}</a></p>` : nothing}
    ${page.may("edit") ? html`${wordsButton(page)} ${speakersButton(page)} ${doubtButton(page)} ${evidenceButton(page)} ${codesButton(page)} ${checklistButton(page)}` : nothing}
    ${signingButton(page)} ${page.may("export") ? documentsButton(page) : nothing}
    ${record.stages.length ? html`<h2>${t("live.stages")}</h2>${record.stages.map((row, index) => stage(page, row, index))}` : nothing}
    ${record.format && !record.live ? closed(page) : nothing}</aside>`;
}

// Microphones that belong to no seat: their health counts too.
function spare({ record, health }) {
  if (!record.live || !health) return [];
  return [...health.channels.keys()].filter((channel) => !record.seatOfChannel(channel)).map((channel) => ({
    id: `mic-${channel}`, role: t("seat.channel", channel + 1), short: String(channel + 1), person: "", channels: [channel],
  }));
}

function place({ record, health }, seat) {
  const level = record.live ? seatLevel(seat, health?.channels) : null;
  const sick = level && level.state !== "ok";
  return html`<div class="seat c${record.colour(seat.id)}" data-seat=${seat.id}>
    <span class="chip" aria-hidden="true">${seat.short || seat.role.slice(0, 1)}</span>
    <span class="name">${court(seat.role)} ${seat.person}</span>
    ${record.live ? html`${sick ? html`<small class=${level.state === "silent" ? "soft" : "bad"}>${t(`health.${level.state}`)}</small>` : nothing}
      ${seat.channels.length ? meter(level) : html`<small class="soft">${t("seat.nochannel")}</small>`}` : nothing}</div>`;
}

const stage = (page, row, index) => html`<button type="button" @click=${() => page.show(row.key)}
  class="stage ${index === page.record.stages.length - 1 && page.record.live ? "on" : ""}">
  <time class="figure">${clock(row.at)}</time>${court(row.name)}</button>`;

function closed(page) {
  const { record } = page;
  return html`<dl class="facts"><dt>${t("read.opened")}</dt><dd>${moment(record.openedAt)}</dd>
      <dt>${t("read.closed")}</dt><dd>${moment(record.closedAt)}</dd>
      <dt>${t("read.length")}</dt><dd>${clock(record.lengthMs)}</dd></dl>
    ${page.may("export") ? downloads(page.id) : nothing}
    ${record.state === "sealed" && page.may("archive") ? html`<archive-box .page=${page}></archive-box>` : nothing}
    <h2>${t("read.digests")}</h2>${seal(record)}`;
}

const downloads = (id) => html`<h2>${t("read.downloads")}</h2><p class="exports">${FORMATS.map((format) =>
    html`<a class="button" href=${exportUrl(id, format, choices(format))} download>${format}</a>`)}</p><p class="soft">${t("read.downloads.how")}</p>`;

function seal({ seal: sealed, copies }) {
  return html`${copies ? html`<p class=${copies.same ? "ok" : "bad"}>
      ${t(copies.same ? "read.copies.same" : "read.copies.differ", copies.blocks)}
      ${copies.repaired.length ? t("read.repaired", copies.repaired.length) : nothing}</p>` : nothing}
    ${sealed ? html`<p class="digest"><b>SHA-256</b> ${sealed.manifest_sha256}</p>
      ${sealed.manifest_sm3 ? html`<p class="digest"><b>SM3</b> ${sealed.manifest_sm3}</p>` : nothing}`
      : html`<p class="soft">${t("read.unsealed")}</p>`}`;
}
