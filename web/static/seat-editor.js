// Seats and their microphones: a line per seat, its level beside it. Tells "seats" with the new list.
import { html, live, nothing, repeat } from "./vendor/lit.js";
import { ROLES, SHORT, freeId } from "./courtroom.js";
import { Element } from "./element.js";
import { t } from "./i18n.js";
import { meter, seatLevel, share } from "./level.js";

const HOT = 0.45;
const shortOf = (role) => SHORT[role] ?? role.slice(0, 1);

class SeatEditor extends Element {
  static properties = { seats: {}, channels: { type: Number }, levels: {}, verdicts: {} };

  tell(seats) {
    this.dispatchEvent(new CustomEvent("seats", { detail: seats }));
  }

  set(index, facts) {
    this.tell(this.seats.map((seat, at) => (at === index ? { ...seat, ...facts } : seat)));
  }

  // A microphone belongs to one seat: choosing it here takes it from the seat that had it.
  give(index, slot, value) {
    const channel = value === "" ? null : Number(value);
    this.tell(this.seats.map((seat, at) => {
      const channels = seat.channels.filter((other) => other !== channel);
      if (at !== index) return { ...seat, channels };
      const mine = [...seat.channels];
      if (channel === null) mine.splice(slot, 1);
      else mine[slot] = channel;
      return { ...seat, channels: [...new Set(mine)] };
    }));
  }

  role(index, role) {
    const seat = this.seats[index];
    const usual = !seat.short || seat.short === shortOf(seat.role);
    this.set(index, { role, short: usual ? shortOf(role) : seat.short });
  }

  move(index, by) {
    const seats = [...this.seats];
    seats.splice(index + by, 0, ...seats.splice(index, 1));
    this.tell(seats);
  }

  remove(index) {
    this.tell(this.seats.filter((_, at) => at !== index));
  }

  add() {
    const taken = new Set(this.seats.flatMap((seat) => seat.channels));
    const free = [...Array(this.channels).keys()].find((channel) => !taken.has(channel));
    const role = "证人";
    const seat = { id: freeId(this.seats), role, short: SHORT[role], person: "", channels: free === undefined ? [] : [free] };
    this.tell([...this.seats, seat]);
  }

  render() {
    return html`
      <datalist id="roles">${ROLES.map((role) => html`<option value=${role}></option>`)}</datalist>
      <ol class="seats">${repeat(this.seats, (seat) => seat.id, (seat, index) => this.line(seat, index))}</ol>
      <p><button type="button" @click=${this.add}>＋ ${t("setup.add")}</button></p>`;
  }

  line(seat, index) {
    const level = seatLevel(seat, this.levels);
    const verdict = this.verdicts?.[seat.id];
    const text = (name, change) => html`<input .value=${live(seat[name])} maxlength="60" placeholder=${t(`seat.${name}`)}
      aria-label=${t(`seat.${name}`)} list=${name === "role" ? "roles" : nothing} autocomplete="off"
      @input=${(event) => change(event.target.value)}>`;
    return html`<li class="c${(index % 8) + 1} ${share(level?.peak_db) > HOT ? "hot" : ""}">
      <span class="chip" aria-hidden="true">${seat.short || "？"}</span>
      ${text("role", (value) => this.role(index, value))}
      ${text("short", (short) => this.set(index, { short }))}
      ${text("person", (person) => this.set(index, { person }))}
      ${this.microphones(seat, index)} ${meter(level)} ${this.tools(index)}
      ${verdict ? html`<span class="verdict ${verdict === "heard" ? "ok" : "bad"}" data-verdict=${verdict}>
        ${verdict === "heard" ? "✓" : "！"} ${t(`check.${verdict}`)}</span>` : nothing}</li>`;
  }

  microphones(seat, index) {
    const count = Math.max(this.channels, ...seat.channels.map((channel) => channel + 1));
    const select = (slot) => html`<select aria-label=${`${seat.role} ${slot ? t("seat.also") : t("seat.meter")}`}
      @change=${(event) => this.give(index, slot, event.target.value)}>
      <option value="" ?selected=${seat.channels[slot] === undefined}>${t("seat.nochannel")}</option>
      ${[...Array(count).keys()].map((channel) => html`<option value=${channel}
        ?selected=${seat.channels[slot] === channel}>${t("seat.channel", channel + 1)}</option>`)}</select>`;
    return html`<span class="slots">${[...seat.channels.keys()].map(select)}
      ${seat.channels.length === 0 ? select(0) : nothing}</span>`;
  }

  tools(index) {
    const button = (name, sign, off, act) => html`<button type="button" class="quiet" ?disabled=${off}
      title=${t(`seat.${name}`)} aria-label=${t(`seat.${name}`)} @click=${act}>${sign}</button>`;
    return html`<span class="tools">
      ${button("up", "↑", index === 0, () => this.move(index, -1))}
      ${button("down", "↓", index === this.seats.length - 1, () => this.move(index, 1))}
      ${button("remove", "✕", false, () => this.remove(index))}</span>`;
  }
}
customElements.define("seat-editor", SeatEditor);
