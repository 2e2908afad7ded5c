// Whose a turn is, or a whole voice: a seat, somebody without one who is known by name, or a name that is typed.
import { html, nothing } from "./vendor/lit.js";
import { court, t, unnamed, voice } from "./i18n.js";

const PEOPLE = "people-known";

// Names of people without a seat: who was named or enrolled in this hearing, and who is among the case's words.
export function people(page) {
  const { record } = page;
  const listed = page.querySelector("voice-list")?.shown.persons ?? [];
  const given = record.spoken.made.map(({ after }) => after);
  const words = record.caseWords.filter(({ kind }) => kind === "person").map(({ text }) => ({ seat: null, name: text }));
  const named = [...listed, ...given, ...words].filter(({ seat, name }) => seat === null && !unnamed(name));
  const seated = new Set(record.hearing.seats.map(({ person }) => person));
  return [...new Set(named.map(({ name }) => name))].filter((name) => !seated.has(name));
}

export function whoMenu(page) {
  const { speaking, record } = page;
  const row = speaking.menu && record.rows.find(({ key }) => key === speaking.menu);
  if (!row || page.readOnly) return nothing;
  const { how, seat, speaker } = row.turn;
  const label = how === "cluster" && seat === null && unnamed(speaker) ? speaker : null;
  return html`<section class="who-menu" role="dialog" aria-label=${t("who.turn")} @keydown=${(event) => key(speaking, event)}>
    <header><h3>${t("who.turn")}</h3><button type="button" class="quiet" aria-label=${t("words.close")} @click=${() => speaking.shut()}>✕</button></header>
    ${choices(page, "turn", (to) => speaking.assign(row.turn, to))}
    ${label ? html`<h3>${t("enrol.title")} · ${t("who.is", voice(label))}</h3>${enrolling(page, label)}
      ${choices(page, "voice", (to) => speaking.name(label, to))}` : nothing}
    <datalist id=${PEOPLE}>${people(page).map((name) => html`<option value=${name}></option>`)}</datalist></section>`;
}

// An Enter or Escape that ends a composition belongs to the input method.
function key(speaking, event) {
  const composing = event.isComposing || event.keyCode === 229;
  if (event.key === "Enter" && composing) event.preventDefault();
  if (event.key !== "Escape" || composing) return;
  speaking.shut();
  document.querySelector("article.chosen button.at")?.focus();
}

function choices(page, of, act) {
  const { record } = page;
  const seat = ({ id, short, role, person }, index) => html`<button type="button" class="c${record.colour(id)}" data-seat=${id} @click=${() => act({ seat: id })}>
    <span class="chip">${short || role.slice(0, 1)}</span> ${court(role)} ${person}${of === "turn" && index < 9 ? html` <kbd>${index + 1}</kbd>` : nothing}</button>`;
  const somebody = (name) => html`<button type="button" data-person=${name} @click=${() => act({ person: name })}>${name}</button>`;
  return html`<div data-for=${of}>${record.hearing.seats.map(seat)} ${people(page).map(somebody)}
    <form class="row" @submit=${(event) => typed(event, act)}><input name="person" maxlength="60" autocomplete="off" list=${PEOPLE}
      placeholder=${t("who.other")} aria-label=${t("who.other")}><button>${t("who.other.give")}</button></form></div>`;
}

function typed(event, act) {
  event.preventDefault();
  const name = event.target.elements.person.value.trim();
  if (name) act({ person: name });
}

function enrolling(page, label) {
  const list = page.querySelector("voice-list");
  return list ? html`${list.first ? html`<p class="soft" data-notice>${t("enrol.notice")}</p>` : nothing}<p>${list.heldOf(label)}</p>` : nothing;
}
