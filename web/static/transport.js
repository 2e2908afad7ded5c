// The foot of the page: play, jump, speed, channel, place; and the connection.
import { html, live, nothing } from "./vendor/lit.js";
import { court, t } from "./i18n.js";
import { switches } from "./reading.js";
import { clock } from "./times.js";

const SPEEDS = [0.5, 0.75, 1, 1.25, 1.5, 1.75, 2];
const CONNECTION = { open: "live.connected", connecting: "live.connecting", lost: "live.connecting", missing: "live.missing", refused: "live.refused" };

export function transport(page) {
  const { player, record } = page;
  const button = (name, sign, act) => html`<button type="button" aria-label=${t(`play.${name}`)} title=${t(`play.${name}`)}
    @click=${act}>${sign}</button>`;
  return html`<footer class="foot">
    ${record.format ? html`${button("back", "−5", () => player.jump(-5000))}
      ${button(player.playing ? "pause" : "play", player.playing ? "❚❚" : "▶", () => player.toggle())}
      ${button("forward", "+5", () => player.jump(5000))}
      <output class="figure place" aria-label=${t("play.where")}>${player.started ? clock(player.at) : "–:–:–"}</output>
      ${speed(player)} ${channel(page)}
      ${player.failed ? html`<span class="bad" role="alert">${t("problem.play")}</span>`
        : html`<span class="soft hint" title=${t("play.hint")}>${t("play.hint")}</span>`}` : nothing}
    <span class="grow"></span>${switches(page)}
    <button type="button" class="reading" data-act="keys" title=${t("keys.title")} aria-label=${t("keys.title")} @click=${() => page.querySelector("key-sheet").toggle()}>?</button>
    <span class="soft connection ${page.connection}" role="status">${t(CONNECTION[page.connection])}</span></footer>`;
}

const speed = (player) => html`<label class="small">${t("play.speed")}
  <select class="speed" .value=${live(String(player.speed))} @change=${(event) => player.hurry(Number(event.target.value))}>
    ${SPEEDS.map((value) => html`<option value=${value} ?selected=${value === player.speed}>${value}×</option>`)}</select></label>`;

function channel({ player, record }) {
  const count = record.format.channels;
  const named = (number) => {
    const seat = record.seatOfChannel(number);
    return seat ? `${number + 1} ${court(seat.role)}` : t("seat.channel", number + 1);
  };
  return html`<label class="small">${t("play.channel")}
    <select class="channel" @change=${(event) => player.choose(event.target.value === "" ? null : Number(event.target.value))}>
      <option value="">${t("play.all")}</option>
      ${[...Array(count).keys()].map((number) => html`<option value=${number}>${named(number)}</option>`)}</select></label>`;
}
