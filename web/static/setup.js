// A new hearing, or the set-up of one that exists: /new and /hearings/ID/setup.
import { html, live, nothing, ref, createRef } from "./vendor/lit.js";
import * as api from "./api.js";
import { KINDS, SECRECY, seatsOf, secrecyOf } from "./courtroom.js";
import { Element, brand, languageSwitch } from "./element.js";
import { court, sentence, t } from "./i18n.js";
import { meter } from "./level.js";
import "./seat-editor.js";
import { Socket } from "./socket.js";
import "./sound-check.js";
import "./voices.js";

const ID = /^\/hearings\/([^/]+)\/setup$/.exec(location.pathname)?.[1] ?? null;
const LANGUAGES = ["zh", "yue", "en"];
// Another language (a Whisper code) can be set by a file, and is kept here.
const named = (code) => (LANGUAGES.includes(code) ? t(`setup.language.${code}`) : code);
const NO_RIGHT = { zh: "您没有设置庭审的权限。如有需要，请联系书记员。", en: "You have no right to set a hearing up. Ask the clerk if you need it." };
const KEPT = "tingji.courtroom";

class HearingSetup extends Element {
  static properties = {
    hearing: { state: true }, recorders: { state: true }, name: { state: true }, levels: { state: true },
    verdicts: { state: true }, error: { state: true }, busy: { state: true }, draft: { state: true },
  };

  constructor() {
    super();
    this.recorders = [];
    this.draft = true;
    this.check = createRef();
    const courtroom = localStorage.getItem(KEPT) ?? "";
    this.hearing = { kind: KINDS[0], case_number: "", courtroom, language: "zh", secrecy: SECRECY[0], seats: [] };
  }

  connectedCallback() {
    super.connectedCallback();
    this.load();
    this.socket = new Socket(() => "/ws/room", (message) => this.take(message), () => {});
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.socket.stop();
  }

  async load() {
    this.busy = true;
    await this.attempt(async () => {
      const rights = ID ? await api.rights(ID) : (await api.me()).rights;
      this.allowed = rights.includes(ID ? "set_up" : "create");
      if (!this.allowed) throw NO_RIGHT;
      this.known(await api.recorders());
      if (ID) await this.read();
    });
    if (!ID && !this.touched) this.set({ seats: seatsOf(this.hearing.kind, this.channels || 4) });
    this.busy = false;
  }

  async read() {
    const { hearing, state } = await api.hearing(ID);
    const { id, ...rest } = hearing;
    this.hearing = rest;
    this.draft = state === "draft";
  }

  take(message) {
    if (message.type === "recorders") this.known(message.recorders);
    if (message.type !== "health" || message.recorder !== this.recorder?.name) return;
    this.levels = message.channels;
    this.check.value?.hear(message.channels);
  }

  known(recorders) {
    const before = this.channels;
    this.recorders = recorders;
    if (before || this.touched || ID || !this.channels) return;
    this.set({ seats: seatsOf(this.hearing.kind, this.channels) });
  }

  get recorder() {
    return this.recorders.find((recorder) => recorder.name === this.name)
      ?? this.recorders.find((recorder) => !recorder.hearing || recorder.hearing === ID) ?? this.recorders[0];
  }

  get channels() {
    return this.recorder?.channels ?? 0;
  }

  set(facts) {
    this.hearing = { ...this.hearing, ...facts };
  }

  edit(facts) {
    this.touched = true;
    this.set(facts);
  }

  kind(kind) {
    this.set({ kind, secrecy: secrecyOf(kind) });
    if (!this.touched && !ID) this.refill();
  }

  refill() {
    this.set({ seats: seatsOf(this.hearing.kind, this.channels || 4) });
  }

  async attempt(work) {
    this.busy = true;
    this.error = null;
    try {
      return await work();
    } catch (error) {
      this.error = error;
      return null;
    } finally {
      this.busy = false;
    }
  }

  // What is on the page, put on file; its id.
  async keep() {
    localStorage.setItem(KEPT, this.hearing.courtroom);
    if (this.saved ?? ID) await api.change(this.saved ?? ID, this.hearing);
    else this.saved = (await api.create(this.hearing)).id;
    return this.saved ?? ID;
  }

  save(then) {
    return this.attempt(async () => {
      const id = await this.keep();
      if (then === "start") await api.start(id, this.recorder?.name);
      location.assign(`/hearings/${id}${then === "start" ? "#started" : ""}`);
    });
  }

  render() {
    const title = t(ID ? "setup.edit" : "setup.title");
    document.title = `${t("brand")} · ${title}`;
    return html`<header class="top">${brand()}<h1>${title}</h1><span class="grow"></span>${languageSwitch()}</header>
      <main class="page">${this.allowed === false ? html`<p class="banner bad" role="alert">${sentence(NO_RIGHT)}</p>` : this.form()}</main>`;
  }

  form() {
    return html`${this.about()} ${this.room()} ${this.seating()}
        ${this.draft ? html`<sound-check ${ref(this.check)} .seats=${this.hearing.seats} .ready=${Boolean(this.recorder)}
          @verdicts=${(event) => { this.verdicts = event.detail; }}></sound-check>
          ${this.allowed ? html`<voice-list class="panel" .hearing=${this.saved ?? ID} .seats=${this.hearing.seats} .recorder=${this.recorder?.name}
            .save=${() => this.keep()} draft></voice-list>` : nothing}` : nothing}
        ${this.actions()}`;
  }

  about() {
    const text = (name) => html`<label class="field">${t(`setup.${name === "case_number" ? "case" : name}`)}
      <input name=${name} .value=${live(this.hearing[name])} maxlength="100" placeholder=${t("optional")} autocomplete="off"
        @input=${(event) => this.set({ [name]: event.target.value })}></label>`;
    const choice = (name, values, say, act) => html`<label class="field">${t(`setup.${name}`)}
      <select name=${name} @change=${(event) => act(event.target.value)}>${values.map((value) =>
        html`<option value=${value} ?selected=${value === this.hearing[name]}>${say(value)}</option>`)}</select></label>`;
    return html`<section class="panel"><h2>${t("setup.about")}</h2><div class="fields">
      ${choice("kind", KINDS, court, (kind) => this.kind(kind))} ${text("case_number")} ${text("courtroom")}
      ${choice("language", [...new Set([...LANGUAGES, this.hearing.language])], named, (language) => this.set({ language }))}
      ${choice("secrecy", SECRECY, court, (secrecy) => this.set({ secrecy }))}</div></section>`;
  }

  room() {
    const { recorder } = this;
    if (!recorder) return html`<p class="banner" role="status">${t("setup.none")}</p>`;
    const select = (label, values, value, act) => html`<label class="field wide">${label}
      <select @change=${(event) => act(event.target.value)}>${values.map((name) =>
        html`<option value=${name} ?selected=${name === value}>${name}</option>`)}</select></label>`;
    const names = this.recorders.map(({ name }) => name);
    const devices = [...new Set([recorder.device, ...recorder.devices])];
    const mine = this.levels?.slice(0, recorder.channels) ?? Array(recorder.channels).fill(null);
    return html`<section class="panel"><h2>${t("setup.recorder")}</h2>
      ${recorder.hearing && recorder.hearing !== ID ? html`<p class="warn">${t("setup.busy")}</p>` : nothing}
      <div class="fields">${names.length > 1 ? select(t("setup.recorder"), names, recorder.name, (name) => this.listen(name)) : nothing}
        ${select(t("setup.device"), devices, recorder.device, (device) => this.attempt(() => api.useDevice(recorder.name, device)))}</div>
      <div class="mics">${mine.map((level, channel) => html`<span class="mic ${this.colour(channel)}">
        ${t("seat.channel", channel + 1)} ${meter(level)}<small>${level ? t(`health.${level.state}`) : "—"}</small></span>`)}</div></section>`;
  }

  listen(name) {
    this.name = name;
    this.levels = undefined;
  }

  colour(channel) {
    const index = this.hearing.seats.findIndex((seat) => seat.channels.includes(channel));
    return index < 0 ? "c0" : `c${(index % 8) + 1}`;
  }

  seating() {
    return html`<section class="panel"><h2>${t("setup.seats")}</h2><p>${t("setup.seats.how")}</p>
      <seat-editor .seats=${this.hearing.seats} .channels=${this.channels || 4} .levels=${this.levels} .verdicts=${this.verdicts}
        @seats=${(event) => this.edit({ seats: event.detail })}></seat-editor>
      ${this.draft ? html`<p><button type="button" class="quiet" @click=${this.refill}>${t("setup.refill")}</button></p>` : nothing}</section>`;
  }

  actions() {
    const recorder = this.recorder;
    const free = recorder && (!recorder.hearing || recorder.hearing === ID);
    return html`${this.error ? html`<p class="banner bad" role="alert">${sentence(this.error)}</p>` : nothing}
      <div class="actions">${this.draft ? html`<button type="button" class="main" ?disabled=${this.busy || !free}
          @click=${() => this.save("start")}>${t("setup.start")}</button>` : nothing}
        <button type="button" ?disabled=${this.busy} @click=${() => this.save()}>${t("setup.save")}</button>
        <a class="button" href=${ID ? `/hearings/${ID}` : "/"}>${t("cancel")}</a></div>`;
  }
}
customElements.define("hearing-setup", HearingSetup);
