// The clerk's hand on the chosen turn: confirmed, marked, joined, left out piece by piece; and every step back and forth.
import * as api from "./api.js";
import { t } from "./i18n.js";
import { withPause } from "./marks.js";

export const TAGS = ["待核", "自认", "质证", "异议", "训诫", "口头裁定", "口头委托", "重要"];
const PIECE = /[^，。？！；：、,.?!;:]*[，。？！；：、,.?!;:]*/g;

export class Hand {
  constructor(page) {
    Object.assign(this, { page, piece: null, warned: "", redone: [] });
  }

  get row() {
    const { row } = this.page.speaking;
    return row?.turn && !row.turn.suppressed && !this.page.readOnly ? row : null;
  }

  act(work, told) {
    this.redone = [];
    return this.page.speaking.act(work, told);
  }

  // Confirms the chosen turn and goes on to the next one that nobody has checked.
  async confirm(editNext = false) {
    const { row, page } = this;
    if (!row) return false;
    if (!(await page.editing.leave())) return true;
    const text = page.record.turn(row.turn.id)?.words.map((word) => word.text).join("") ?? row.text;
    if (row.turn.state !== "confirmed" || text !== row.text) await this.act(() => api.confirmTurn(page.id, row.turn.id, text), t("hand.confirmed"));
    const next = page.record.rows.slice(page.record.rows.findIndex(({ key }) => key === row.key) + 1)
      .find((one) => one.kind === "turn" && !one.turn.suppressed && one.turn.state !== "confirmed");
    if (next) page.go(next, editNext);
    return true;
  }

  unconfirm() {
    const { row } = this;
    if (row?.turn.state !== "confirmed") return false;
    this.act(() => api.unconfirmTurn(this.page.id, row.turn.id), t("hand.unconfirmed"));
    return true;
  }

  tag(tag) {
    const { row } = this;
    if (!row) return false;
    const off = row.turn.tags?.includes(tag);
    this.act(() => (off ? api.untagTurn : api.tagTurn)(this.page.id, row.turn.id, tag), t(off ? "hand.untagged" : "hand.tagged", tag));
    return true;
  }

  // The chosen turn and the one behind it become one.
  join() {
    const { row, page } = this;
    const turns = page.record.rows.filter((one) => one.kind === "turn" && !one.turn.suppressed);
    const next = row && turns[turns.findIndex(({ key }) => key === row.key) + 1];
    if (!next) return false;
    this.act(() => api.joinTurns(page.id, row.turn.id, next.turn.id), t("hand.joined"));
    return true;
  }

  // The clauses of the chosen turn, each {at, text}; ← and → walk over them, the same key leaves one out or takes it in.
  pieces({ text, turn }) {
    const found = [...text.matchAll(PIECE)].filter(({ 0: piece }) => piece).map(({ index, 0: piece }) => ({ at: index, text: piece }));
    const out = turn.omissions ?? [];
    const free = found.filter(({ at, text: piece }) => !out.some((one) => one.at < at + piece.length && at < one.at + one.text.length));
    return [...free, ...out].sort((a, b) => a.at - b.at);
  }

  walk(by) {
    const { row } = this;
    if (!row || this.piece === null) return false;
    const count = this.pieces(row).length;
    this.piece = Math.min(Math.max(this.piece + by, 0), count - 1);
    this.warned = "";
    this.show();
    return true;
  }

  // The first press shows the pieces; the next ones leave the lit one out, or take it in again.
  leaveOut() {
    const { row, page } = this;
    if (!row) return false;
    if (this.piece === null || this.of !== row.key) {
      Object.assign(this, { piece: 0, of: row.key, warned: "" });
      this.show();
      page.speaking.tell(t("hand.pieces"));
      return true;
    }
    const piece = this.pieces(row)[this.piece];
    if ((row.turn.omissions ?? []).some(({ at }) => at === piece.at)) this.act(() => api.undoOmit(page.id, row.turn.id, [piece]), t("hand.taken.in"));
    else this.drop(row, [piece], t("hand.left.out", piece.text));
    return true;
  }

  // What may change the meaning wants the key a second time.
  async drop(row, pieces, told) {
    const { page } = this;
    const about = `${row.key} ${pieces[0].at}`;
    const anyway = this.warned === about;
    this.warned = "";
    this.redone = [];
    page.error = null;
    try {
      await api.omit(page.id, row.turn.id, pieces, anyway);
      page.speaking.tell(told);
    } catch (error) {
      if (error.code !== "protected_words") page.error = error;
      else this.warned = about;
      if (error.code === "protected_words") page.speaking.tell(t("hand.protected", pieces.map(({ text }) => text).join(" ")));
    }
    page.requestUpdate();
  }

  // All fillers of the chosen turn at once.
  fillersOut() {
    const { row } = this;
    if (!row) return false;
    const out = row.turn.omissions ?? [];
    const pieces = (row.marks?.fillers ?? []).map((filler) => withPause(row.text, filler)).map(({ start, end }) => ({ at: start, text: row.text.slice(start, end) }))
      .filter(({ at, text }) => !out.some((one) => one.at < at + text.length && at < one.at + one.text.length));
    if (!pieces.length) this.page.speaking.tell(t("hand.no.fillers"));
    else this.drop(row, pieces, t("hand.fillers.out", pieces.length));
    return true;
  }

  shut() {
    const open = this.piece !== null;
    Object.assign(this, { piece: null, warned: "" });
    this.show();
    return open;
  }

  // Lights the piece under the hand up, in the text itself.
  show() {
    const lit = lights();
    lit?.clear();
    const { row } = this;
    if (this.piece === null || !row || this.of !== row.key) return;
    const piece = this.pieces(row)[this.piece];
    for (const range of this.page.ranges(row, piece?.at ?? 0, (piece?.at ?? 0) + (piece?.text.length ?? 0))) lit?.add(range);
  }

  // One step back, of one's own; of speakers, too. False: there is none.
  undo() {
    const { page } = this;
    const step = page.record.spoken.steps.findLast(({ by }) => by === page.name);
    if (!step || page.record.state === "sealed" || !page.may("edit")) return false;
    this.redone.push(step);
    page.speaking.act(() => UNDO[step.kind](page.id, step), t("who.undone"));
    return true;
  }

  redo() {
    const step = this.redone.findLast(({ kind }) => kind in REDO);
    if (!step || this.page.readOnly) return false;
    this.redone = this.redone.filter((one) => one !== step);
    this.page.speaking.act(() => REDO[step.kind](this.page.id, step), t("hand.redone"));
    return true;
  }
}

let highlight;
function lights() {
  if (!window.Highlight) return null;
  if (!highlight) CSS.highlights.set("piece", (highlight = new window.Highlight()));
  return highlight;
}

const UNDO = {
  speaker: (id, { turns }) => api.undoSpeakers(id, turns.map(({ turn_id }) => turn_id)),
  name: (id, { naming }) => api.undoVoice(id, naming.label),
  split: (id, { cut }) => api.undoSplit(id, cut.turn_id),
  edit: (id, { turn_id, before, after }) => api.editTurn(id, turn_id, after, before),
  confirm: (id, { turn_id }) => api.unconfirmTurn(id, turn_id),
  tag: (id, { turn_id, tag }) => api.untagTurn(id, turn_id, tag),
  omit: (id, { turn_id, pieces }) => api.undoOmit(id, turn_id, pieces),
  join: (id, { turn_id }) => api.undoJoin(id, turn_id),
};

const REDO = {
  split: (id, { cut }) => api.splitTurn(id, cut.turn_id, cut.at_word),
  edit: (id, { turn_id, before, after }) => api.editTurn(id, turn_id, before, after),
  confirm: (id, { turn_id, text }) => api.confirmTurn(id, turn_id, text),
  tag: (id, { turn_id, tag }) => api.tagTurn(id, turn_id, tag),
  omit: (id, { turn_id, pieces }) => api.omit(id, turn_id, pieces, true),
  join: (id, { turn_id, second_id }) => api.joinTurns(id, turn_id, second_id),
};
