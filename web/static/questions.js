// The questions before what cannot be taken back: to close the hearing, and to seal it without the recorder.
import { html, nothing } from "./vendor/lit.js";
import * as api from "./api.js";
import { t } from "./i18n.js";

export function questions(page) {
  const away = page.status?.recorder_connected === false;
  return html`${question("close", "live.close", (form) => close(page, form.has("without")),
      away ? html`<label><input type="checkbox" name="without"> ${t("live.close.without")}</label>` : nothing)}
    ${question("alone", "closing.alone", () => close(page, true), nothing)}`;
}

const close = (page, without) => page.command.give(without ? "alone" : "close", () => api.close(page.id, without));

function question(name, words, act, more) {
  const answered = ({ target, submitter }) => submitter?.value === "yes" && act(new FormData(target));
  return html`<dialog data-ask=${name} aria-labelledby="ask-${name}"><form method="dialog" @submit=${answered}>
    <h2 id="ask-${name}">${t(`${words}.ask`)}</h2><p>${t(`${words}.what`)}</p>${more}
    <div class="row"><button value="cancel">${t("cancel")}</button>
      <button value="yes" class="main">${t(words)}</button></div></form></dialog>`;
}
