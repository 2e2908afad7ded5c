// The log of who looked, exported or managed, as the server has noted it (court.md F5).
import { html, nothing } from "./vendor/lit.js";
import { t } from "./i18n.js";
import { momentOf } from "./times.js";

// `lines`: newest first.
export const auditLog = (lines) => (lines?.length ? html`<section class="panel"><details class="audit"><summary>${t("audit.title")} (${lines.length})</summary>
  <table><thead><tr><th scope="col">${t("audit.when")}</th><th scope="col">${t("audit.who")}</th><th scope="col">${t("audit.what")}</th></tr></thead>
  <tbody>${lines.map((line) => html`<tr><td class="figure">${momentOf(line.at_s)}</td><td>${line.by}</td>
    <td>${t(`audit.${line.act}`)} ${line.about}</td></tr>`)}</tbody></table></details></section>` : nothing);
