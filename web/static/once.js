// A secret that is shown once: a link or a command, to copy and hand over.
import { html, nothing } from "./vendor/lit.js";
import { t } from "./i18n.js";

const copy = (event) => {
  const field = event.target.closest(".once").querySelector("input");
  field.select();
  navigator.clipboard?.writeText(field.value).catch(() => {});
};

// `given`: { about, text } or null.
export const once = (given) => (given ? html`<section class="panel once" role="status"><h2>${given.about}</h2><p>${t("once.how")}</p>
  <div class="line"><input readonly .value=${given.text} aria-label=${given.about} @focus=${(event) => event.target.select()}>
    <button type="button" class="main" @click=${copy}>${t("once.copy")}</button></div></section>` : nothing);
