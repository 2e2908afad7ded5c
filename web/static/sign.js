// The desk of one who reads and signs: own words first, heard by a touch, corrections asked for, then the signature.
// By a link the token stands behind the # and is given up at once for a cookie; by an account the address names the hearing.
import { guard, html, nothing } from "./vendor/lit.js";
import * as api from "./api.js";
import { Element, languageSwitch } from "./element.js";
import { court, language, sentence, t } from "./i18n.js";
import "./sign-pad.js";
import { changed, decided } from "./sign-told.js";
import "./sign-request.js";
import { Sound } from "./sign-sound.js";
import { clock, moment } from "./times.js";

const AGAIN_MS = 4000;
const READ = "tingji.read";
const [, place, HEARING] = location.pathname.split("/");
const ID = place === "hearings" ? decodeURIComponent(HEARING) : "";

class SignPage extends Element {
  static properties = Object.fromEntries(["desk", "error", "all", "furthest", "said", "refusing"].map((name) => [name, { state: true }]));

  constructor() {
    super();
    Object.assign(this, { all: false, furthest: 0, said: "", was: new Map(), marked: new Map() });
    this.sound = new Sound((line) => api.partUrl(ID, line), () => this.requestUpdate());
    this.eye = new IntersectionObserver((seen) => this.saw(seen));
  }

  async connectedCallback() {
    super.connectedCallback();
    try {
      await api.openLink();
    } catch (error) {
      return void (this.error = error);
    }
    await this.look();
    setInterval(() => !document.hidden && this.look(), AGAIN_MS);
  }

  // Takes the record in as it stands; nothing when it is as it was.
  async look() {
    try {
      const desk = await api.desk(ID, this.desk?.seq ?? -1, this.desk?.digest ?? "");
      if (desk) this.take({ ...desk, lines: desk.lines ?? this.desk.lines });
      if (this.lost) this.error = this.lost = null;
    } catch (error) {
      if (error.code === "not_signed_in" || error.code === "wrong_state" || error.code === "no_right") this.desk = null;
      this.error = this.lost = error;
    }
  }

  // What reads otherwise than it was shown is marked, until it is read again.
  take(desk) {
    if (this.desk?.digest !== desk.digest) {
      for (const line of desk.lines) {
        const before = this.was.get(line.turn_id);
        if (line.turn_id && this.desk && before !== line.text) this.marked.set(line.turn_id, before ?? "");
        this.was.set(line.turn_id, line.text);
      }
      this.furthest = 0;
    }
    this.all ||= !desk.lines.some(({ own }) => own) || desk.signatory.scope === "own";
    this.desk = desk;
  }

  saw(seen) {
    for (const { isIntersecting, target } of seen) if (isIntersecting && this.all) this.furthest = Math.max(this.furthest, Number(target.closest("[data-number]").dataset.number) + 1);
  }

  // Watches the lines that are drawn now; what has been seen is asked again only when others are.
  updated() {
    if (this.watched === this.drawn) return;
    this.watched = this.drawn;
    this.eye.disconnect();
    for (const foot of this.querySelectorAll("[data-number] .acts, .between")) this.eye.observe(foot); // a long passage is read at its foot
  }

  get read() {
    return this.desk.read && sessionStorage.getItem(READ) === this.desk.digest;
  }

  // Sends what is told, and shows how the record stands then. A record that has changed is shown first.
  tell(work, said) {
    this.said = "";
    return this.attempt(async () => {
      try {
        await work();
        this.said = said;
      } finally {
        await this.look();
      }
    });
  }

  finish() {
    const { seq, digest } = this.desk;
    return this.tell(async () => {
      await api.hasRead(ID, { seq, digest });
      sessionStorage.setItem(READ, digest);
      this.marked.clear();
      this.updateComplete.then(() => this.querySelector(".signing h2")?.focus());
    }, t("sign.read.done"));
  }

  sign({ detail }) {
    const { seq, digest } = this.desk;
    return this.tell(async () => {
      await api.hasRead(ID, { seq, digest });
      await api.sign(ID, { seq, digest, ...detail });
    }, t("sign.done"));
  }

  refuse(event) {
    event.preventDefault();
    const reason = event.target.elements.reason.value;
    return this.tell(() => api.refuseToSign(ID, reason), t("sign.refused.done")).then(() => { this.refusing = Boolean(this.error); });
  }

  ask({ detail }) {
    return this.tell(async () => {
      const { refused } = await api.requestCorrection(ID, detail);
      this.updateComplete.then(() => { this.said = t(refused ? "sign.asked.refused" : "sign.asked"); });
    }, "");
  }

  render() {
    const { desk } = this;
    document.title = `${t("brand")} · ${t("sign.title")}`;
    return html`<div class="above"><header class="top"><span class="brand">${t("brand")}</span>
        <h1>${desk ? [court(desk.kind), desk.case_number].filter(Boolean).join(" ") : t("sign.title")}</h1><span class="grow"></span>
        ${ID ? html`<a class="button" href="/hearings/${ID}">${t("people.back")}</a>` : nothing}${languageSwitch()}</header>
      ${desk?.complete ? html`<p class="all-signed">${t("sign.complete")}</p>` : html`<p class="unsigned">${t("not.record")}</p>`}
      ${this.error ? html`<p class="banner bad" role="alert">${this.why()}</p>` : nothing}<p class="ok told" role="status">${this.said}</p></div>
      <main class="sign">${desk ? html`${this.who()} ${changed(desk)} ${this.switch()} ${this.text()} ${decided(desk)} ${this.end()}` : nothing}</main>
      <sign-request .desk=${desk} .sound=${this.sound} @ask=${this.ask}></sign-request>`;
  }

  why() {
    if (this.error.code === "wrong_state") return t("sign.not.now");
    return this.error.code === "not_signed_in" ? t("link.over") : sentence(this.error);
  }

  who() {
    const { signatory, opened_at, courtroom, head } = this.desk;
    const name = signatory.name === signatory.role ? "" : signatory.name;
    return html`<section class="panel"><h2>${t("sign.you", court(signatory.role), name)}</h2>
      <p>${t(signatory.scope === "own" ? "sign.how.own" : "sign.how")} ${t("sign.due", moment(signatory.due))}</p>
      <details class="soft"><summary>${[courtroom, moment(opened_at)].filter(Boolean).join(" · ") || t("sign.head")}</summary>${head.filter(Boolean).map((one) => html`<p>${one}</p>`)}</details></section>`;
  }

  switch() {
    const { lines, signatory } = this.desk;
    if (signatory.scope === "own" || !lines.some(({ own }) => own)) return nothing;
    const choice = (all, words) => html`<button type="button" aria-pressed=${String(this.all === all)} @click=${() => { this.all = all; }}>${words}</button>`;
    return html`<div class="choice" role="group" aria-label=${t("sign.view")}>
      ${choice(false, t("sign.view.own", lines.filter(({ own }) => own).length))} ${choice(true, t("sign.view.all"))}</div>`;
  }

  // Thousands of lines: drawn again only when something of them has changed.
  text() {
    const shown = this.desk.lines.map((line, number) => ({ line, number })).filter(({ line }) => this.all || line.own);
    this.drawn = `${this.desk.digest} ${this.all}`;
    return html`<section class="lines" aria-label=${t("sign.text")}>${guard([this.desk, this.all, this.sound.line, this.marked.size, language()], () =>
      shown.map(({ line, number }) => (line.turn_id ? this.line(line, number) : html`<p class="between" data-number=${number}>${line.text}</p>`)))}</section>`;
  }

  line(line, number) {
    const playing = this.sound.line === line.turn_id;
    const before = this.marked.get(line.turn_id);
    const asked = this.desk.requests.filter(({ turn_id }) => turn_id === line.turn_id).length;
    return html`<article class="${line.own ? "own" : ""} ${playing ? "playing" : ""}" data-number=${number} data-turn=${line.turn_id}>
      <p class="who"><b>${line.who}</b> <small class="figure">${clock(line.start_ms)}</small>
        ${asked ? html`<small class="tag">${t("sign.asked.count", asked)}</small>` : nothing}</p>
      <p class="said" @click=${() => getSelection().isCollapsed && this.sound.play(line)}>${line.text}</p>
      ${before === undefined ? nothing : html`<p class="before"><b>${t("sign.changed.here")}</b> ${before ? t("sign.changed.was", before) : t("sign.changed.new")}</p>`}
      <p class="acts"><button type="button" @click=${() => this.sound.play(line)} aria-pressed=${String(playing)}>${playing ? `❚❚ ${t("sign.stop")}` : `▶ ${t("sign.hear")}`}</button>
        <button type="button" data-act="mark" @click=${() => this.querySelector("sign-request").open(line)}>✎ ${t("sign.mark")}</button></p></article>`;
  }

  end() {
    const { desk } = this;
    const { signature } = desk;
    const refused = signature?.kinds.includes("拒签");
    if (signature && desk.covered && !refused) return html`<section class="panel signing"><h2 class="ok">✓ ${t("sign.signed", moment(signature.at))}</h2><p>${t("sign.signed.what")}</p></section>`;
    return html`${refused ? html`<section class="panel"><h2>${t("sign.refused", moment(signature.at))}</h2><p>${signature.reason}</p></section>` : nothing}
      ${this.read ? this.signing() : this.reading()} ${refused || desk.signatory.office !== "participant" ? nothing : this.refusal()}`;
  }

  reading() {
    const { lines } = this.desk;
    const done = this.furthest >= lines.length;
    return html`<section class="panel progress"><label>${t("sign.progress", this.furthest, lines.length)}
        <progress max=${lines.length || 1} value=${this.furthest}></progress></label>
      ${this.all ? nothing : html`<p>${t("sign.read.all.first")} <button type="button" class="main" @click=${() => { this.all = true; scrollTo(0, 0); }}>${t("sign.view.all")}</button></p>`}
      <button type="button" class="main big" data-act="read" ?disabled=${!done} @click=${this.finish}>${t("sign.read")}</button></section>`;
  }

  signing() {
    const { desk } = this;
    const both = desk.criminal && desk.signatory.role === "被告人";
    const waiting = desk.open ? t("sign.open", desk.open) : desk.waits ? t("sign.waits", desk.waits) : "";
    return html`<section class="panel signing"><h2 tabindex="-1">${t("sign.here")}</h2>
      <p>${t("sign.covers", desk.digest.slice(0, 16))}</p>
      ${waiting ? html`<p class="warn" role="status">${waiting}</p>` : html`<sign-pad .both=${both} @sign=${this.sign}></sign-pad>`}</section>`;
  }

  refusal() {
    if (!this.refusing) return html`<p class="refuse"><button type="button" class="quiet" data-act="refuse" @click=${() => { this.refusing = true; }}>${t("sign.refuse")}</button></p>`;
    return html`<form class="panel" @submit=${this.refuse}><label class="field">${t("sign.refuse.why")}<textarea name="reason" rows="3" required maxlength="500"></textarea></label>
      <p class="row"><button type="button" @click=${() => { this.refusing = false; }}>${t("cancel")}</button> <button class="end">${t("sign.refuse.do")}</button></p></form>`;
  }
}
customElements.define("sign-page", SignPage);
