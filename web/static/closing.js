// The way from the last word to the seal: how far it is, and how the clerk may go on without the recorder.
import { html, nothing } from "./vendor/lit.js";
import { t } from "./i18n.js";

// Close was pressed; the hearing stays in state "recording" until all of its sound and text is here.
export const isClosing = ({ record, status }) => record.state === "closing" || (record.live && Boolean(status?.closing));

export function strip(page) {
  if (!isClosing(page) || page.connection === "missing") return nothing;
  const { givenUp, copies } = page.record;
  return html`<p class="banner calm" data-problem="closing">${bar(page.progress)}
    ${givenUp && !copies ? html`<small>${t("closing.given_up")}</small>` : nothing}
    ${givenUp || copies ? nothing : html`<button type="button" class="end" @click=${() => page.ask("alone")}>
      ${t("closing.alone")}</button>`}</p>`;
}

function bar(progress) {
  const step = t(`live.progress.${progress?.step ?? "finishing"}`);
  if (!progress?.done) return html`<progress aria-label=${step}></progress><span>${step}……</span>`;
  return html`<progress .value=${progress.done} max="1" aria-label=${step}></progress>
    <span>${step} ${Math.round(progress.done * 100)}%</span>`;
}
