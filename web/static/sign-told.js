// What a signatory is told: what has changed since the signature, and how far their requests are.
import { html, nothing } from "./vendor/lit.js";
import { court, t } from "./i18n.js";
import { clock } from "./times.js";

// Whose signature no longer covers the record sees what reads otherwise.
export function changed({ signature, covered, changed: list }) {
  if (!signature || covered) return nothing;
  return html`<section class="panel lost" role="alert"><h2>${t("sign.lost")}</h2><p>${t("sign.lost.what")}</p>
    <ul>${list.map(({ start_ms, before, after }) => html`<li><small class="figure">${clock(start_ms)}</small>
      ${before ? html`<del>${before}</del>` : nothing} ${after ? html`<ins>${after}</ins>` : nothing}</li>`)}</ul></section>`;
}

export function decided({ requests, decisions }) {
  if (!requests.length) return nothing;
  const by = new Map(decisions.map((one) => [one.request_id, one]));
  return html`<section class="panel requests"><h2>${t("sign.requests")}</h2>
    <ol>${requests.map((one) => html`<li><b>${court(one.kind)}</b> <small class="figure">${clock(one.start_ms)}</small>
      <p>${words(one)}</p>${one.note ? html`<p class="soft">${one.note}</p>` : nothing}${state(by.get(one.id))}</li>`)}</ol></section>`;
}

export const words = ({ before, wanted }) => (before ? t("sign.request.instead", before, wanted || "—") : t("sign.request.missing", wanted));

export function state(decision) {
  if (!decision) return html`<p class="warn">${t("sign.request.open")}</p>`;
  if (decision.granted) return html`<p class="ok">✓ ${t("sign.request.granted")} ${decision.reason}</p>`;
  return html`<p class="bad">${t("sign.request.refused", decision.reason)}</p>`;
}
