// What the clerk must know at once: a list of {key, mood, text, dismiss?}, worst first.
import { html } from "./vendor/lit.js";
import { isClosing, strip } from "./closing.js";
import { court, sentence, t } from "./i18n.js";
import { clock } from "./times.js";

const FEW_HOURS = 4;
const QUIET_MS = 5000;
// Troubles of recognition only: recording goes on.
const RECOGNITION = ["model_missing", "model_damaged", "recognition_off", "recognition_failed"];

export function problems(page) {
  if (page.connection === "missing") return [bad("missing", t("live.missing"))];
  const found = page.error ? [{ ...bad("error", sentence(page.error)), dismiss: () => { page.error = null; } }] : [];
  if (page.connection === "lost" || page.lostOnce) found.push(bad("lost", t("live.lost")));
  if (page.lostOnce) return found;
  found.push(...commanded(page.command), ...uncovered(page));
  if (isClosing(page)) found.push(...told(page), ...recognition(page));
  else if (page.record.live) found.push(...recording(page));
  return found;
}

// What has become of the clerk's commands.
function commanded(command) {
  const { kept, late, after } = command;
  const found = kept.map((name) => warn(`kept-${name}`, t(`kept.${name}`)));
  if (late && !kept.includes(late)) found.push({ ...warn("command", t(`late.${late}`)), dismiss: () => command.forget() });
  if (after) found.push({ ...warn("after", t(`after.${after}`)), dismiss: () => { command.belated = null; } });
  return found;
}

// Whose signatures no longer cover the record (court.md B5).
function uncovered({ signing, record }) {
  const names = signing.lost.map(({ signatory }) => `${court(signatory.role)} ${signatory.name}`);
  return names.length && record.state !== "recording" ? [warn("uncovered", t("signing.lost", names.join("、")))] : [];
}

const bad = (key, text) => ({ key, mood: "bad", text });
const warn = (key, text) => ({ key, mood: "warn", text });

const ofRecognition = (problem) => RECOGNITION.includes(problem?.code);

// What the server says is wrong.
const told = ({ status }) => (status?.problem && !ofRecognition(status.problem) ? [bad("problem", sentence(status.problem))] : []);

function recognition({ status }) {
  if (!status || status.asr === "ok") return [];
  return [warn("asr", ofRecognition(status.problem) ? sentence(status.problem) : t(`problem.${status.asr}`))];
}

function recording(page) {
  const { status, record } = page;
  const found = told(page);
  if (status?.recorder_connected === false) found.push(bad("recorder", t("problem.recorder")));
  else if (record.state === "recording" && page.now - page.heardAt > QUIET_MS) found.push(bad("health", t("problem.health")));
  found.push(...microphones(page));
  const hours = hoursLeft(page);
  if (hours !== null && hours < FEW_HOURS) found.push(bad("disk", t("problem.disk", hours)));
  found.push(...recognition(page));
  const step = record.clockStep;
  if (step && page.dismissed !== step.key) {
    const text = t("problem.clock", clock(step.at), step.step.step_ms / 1000);
    found.push({ ...warn("clock", text), dismiss: () => { page.dismissed = step.key; } });
  }
  return found;
}

// Only microphones that belong to a seat, where there are seats; a recess is no reason to worry.
function microphones({ health, record }) {
  if (!health || record.state !== "recording") return [];
  const { seats } = record.hearing;
  const all = [{ role: "", channels: [...health.channels.keys()] }];
  return (seats.length ? seats : all).flatMap((seat) => seat.channels.map((channel) => {
    const state = health.channels[channel]?.state;
    const name = `${[court(seat.role), t("seat.channel", channel + 1)].filter(Boolean).join(" · ")} `;
    if (state === "dead") return bad(`dead-${channel}`, t("problem.dead", name));
    return state === "clipping" ? warn(`clipping-${channel}`, t("problem.clipping", name)) : null;
  })).filter(Boolean);
}

// Hours of sound that fit on the fuller disk. When both copies lie on one disk, they share it.
export function hoursLeft({ health, record }) {
  if (!health || !record.format) return null;
  const disks = [health.disk_free_bytes, health.server_disk_free_bytes].filter((bytes) => typeof bytes === "number");
  if (!disks.length) return null;
  const shared = disks.length === 2 && Math.abs(disks[0] - disks[1]) < 0.01 * disks[0];
  const perHour = record.format.rate * record.format.channels * 2 * 3600 * (shared ? 2 : 1);
  return Math.floor(Math.min(...disks) / perHour);
}

export const banners = (page) => html`<div class="banners"><div aria-live="assertive">${problems(page).map((problem) => html`
  <p class="banner ${problem.mood}" data-problem=${problem.key}><span>${problem.text}</span>
    ${problem.dismiss ? html`<button type="button" @click=${() => dismiss(page, problem)}>${t("dismiss")}</button>` : ""}</p>`)}</div><div role="status">${thinned(page)}</div>${strip(page)}</div>`;

// Nothing is wrong: there is more speech than time, and tentative words wait for final ones.
const thinned = ({ record, status, lostOnce }) => (record.live && !lostOnce && status?.tentative_thinned
  ? html`<p class="banner calm" data-problem="thinned"><span>${t("problem.thinned")}</span></p>` : "");

function dismiss(page, problem) {
  problem.dismiss();
  page.requestUpdate();
}
