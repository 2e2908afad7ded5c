// 一键归档 of a sealed hearing: how long it is kept, the key's passphrase, how far it is, and the archive to take away.
import { html, nothing } from "./vendor/lit.js";
import * as api from "./api.js";
import { Element } from "./element.js";
import { court, language, sentence, t } from "./i18n.js";
import { moment } from "./times.js";

const LOOK_MS = 500;
const RETENTIONS = ["永久", "60年", "30年"];
const megabytes = (bytes) => `${Math.max(0.1, bytes / 1e6).toFixed(1)} MB`;

class ArchiveBox extends Element {
  static properties = { page: {}, state: { state: true }, error: { state: true } };

  connectedCallback() {
    super.connectedCallback();
    this.look();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.later);
  }

  // How far it is; looked at again while it runs.
  look() {
    clearTimeout(this.later);
    return this.attempt(async () => {
      this.state = await api.archive(this.page.id);
      if (this.state.step === "running" && this.isConnected) this.later = setTimeout(() => this.look(), LOOK_MS);
    });
  }

  begin(event) {
    event.preventDefault();
    const form = event.target;
    const passphrase = form.passphrase?.value ?? "";
    const { value } = form.retention;
    form.reset();
    return this.attempt(async () => {
      await api.beginArchive(this.page.id, value, passphrase);
      await this.look();
    });
  }

  render() {
    const { state } = this;
    const error = this.error ?? state?.error;
    return html`<h2>${t("archive.title")}</h2><p class="soft">${t("archive.what")}</p>
      ${error ? html`<p class="banner bad" role="alert"><span>${sentence(error)}</span></p>` : nothing}
      ${state ? this.body(state) : nothing}`;
  }

  body(state) {
    return html`${state.step === "running" ? html`<p role="status"><progress .value=${state.done} max="1" aria-label=${t("archive.running")}></progress>
        ${t("archive.running")} ${Math.round(state.done * 100)}%</p>` : nothing}
      ${state.facts ? this.made(state.facts) : nothing}
      ${state.key === "none" ? html`<p class="soft">${t("archive.nokey")}</p>` : this.form(state)}`;
  }

  form({ step, key, facts }) {
    return html`<form class="archive" @submit=${this.begin}>
      <label>${t("archive.retention")} <select name="retention">${RETENTIONS.map((one) => html`<option value=${one}>${court(one)}</option>`)}</select></label>
      ${key === "locked" ? html`<label>${t("archive.passphrase")} <input name="passphrase" type="password" autocomplete="off" required></label>` : nothing}
      <button type="submit" class=${facts ? "" : "main"} data-act="archive" ?disabled=${step === "running"}>
        ${t(facts ? "archive.again" : "archive.begin")}</button></form>`;
  }

  made({ made_at, bytes, retention, fingerprint, findings }) {
    return html`<p role="status">${t("archive.made", moment(made_at), megabytes(bytes), court(retention))}</p>
      <p><a class="button main" data-act="fetch-archive" href=${api.archiveUrl(this.page.id)} download>${t("archive.download")}</a></p>
      <p class="digest"><b>${t("archive.fingerprint")}</b> ${fingerprint}</p>
      <details><summary>${t("archive.tests")}</summary><ul>${findings.map((one) =>
        html`<li>${language() === "zh" ? `${one.outcome} ${one.item}：${one.zh}` : one.en}</li>`)}</ul></details>`;
  }
}
customElements.define("archive-box", ArchiveBox);
