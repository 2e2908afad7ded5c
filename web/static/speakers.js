// Who spoke, folded as casefile/attribution.py and casefile/record.py do it: reassigned, named, split, and taken back.
import { textOf } from "./mending.js";

const CLERK = "clerk";
const key = (id) => `turn-${id}`;
const same = (one, other) => one.seat === other.seat && one.name === other.name && one.how === other.how && one.certainty === other.certainty;
const sameTurn = (one, other) => one.turn_id === other.turn_id && same(one.before, other.before) && same(one.after, other.after);
export const speakerOf = (turn) => ({ seat: turn.seat, name: turn.speaker, how: turn.how, certainty: turn.certainty ?? 1 });
const saidBy = (turn, { seat, name, how, certainty }) => ({ ...turn, seat, speaker: name, how, certainty });
const confirmed = (turn) => turn.state === "confirmed";

export class Spoken {
  constructor() {
    Object.assign(this, { voices: new Map(), names: new Map(), made: [], splits: [], steps: [], changed: 0 });
  }

  // A turn as it comes on record: of a named voice, it is that person's.
  heard(turn) {
    if (turn.seat === null && turn.how === "cluster") this.voices.set(turn.id, turn.speaker);
    return confirmed(turn) ? turn : saidBy(turn, this.found(turn.id, speakerOf(turn)));
  }

  // `speaker`, unless it is a voice found by its sound: that one's name or label as they stand.
  found(id, speaker) {
    const label = this.voices.get(id);
    if (label === undefined || speaker.how === CLERK) return speaker;
    const name = this.names.get(label)?.at(-1)?.after ?? { seat: null, name: label, how: "cluster" };
    return { ...name, certainty: speaker.certainty };
  }

  reassign(record, made, { at, by }) {
    const turn = record.turn(made.turn_id);
    if (!turn || !same(speakerOf(turn), made.before) || same(made.before, made.after)) return;
    record.change(key(turn.id), { turn: saidBy(turn, made.after) });
    this.made.push(made);
    const last = this.steps.at(-1);
    if (last?.kind === "speaker" && last.at === at) last.turns.push(made);
    else this.steps.push({ kind: "speaker", by, at, turns: [made] });
  }

  undo(record, made) {
    const turn = record.turn(made.turn_id);
    const index = this.made.findIndex((one) => sameTurn(one, made));
    if (index < 0 || !turn || !same(speakerOf(turn), made.after) || confirmed(turn)) return;
    record.change(key(turn.id), { turn: saidBy(turn, this.found(turn.id, made.before)) });
    this.made.splice(index, 1);
    for (const step of this.steps) if (step.turns) step.turns = step.turns.filter((one) => !sameTurn(one, made));
    this.steps = this.steps.filter((step) => !step.turns || step.turns.length);
  }

  name(record, naming, by) {
    const namings = this.names.get(naming.label) ?? [];
    const before = namings.at(-1)?.after ?? null;
    if (before === null || naming.before === null ? before !== naming.before : !same(before, naming.before)) return;
    this.names.set(naming.label, [...namings, naming]);
    this.steps.push({ kind: "name", by, naming });
    this.show(record, naming.label);
  }

  undoName(record, { label }) {
    this.names.set(label, (this.names.get(label) ?? []).slice(0, -1));
    this.drop((step) => step.naming?.label === label);
    this.show(record, label);
  }

  show(record, label) {
    record.rows = record.rows.map((row) => {
      const { turn } = row;
      if (!turn || this.voices.get(turn.id) !== label || confirmed(turn)) return row;
      return { ...row, turn: saidBy(turn, this.found(turn.id, speakerOf(turn))) };
    });
  }

  // `steps` are a person's: what recognition cut out is not theirs to take back.
  split(record, cut, by) {
    const row = record.rows.find((one) => one.key === key(cut.turn_id));
    if (!row || row.turn.words.length !== cut.words || record.turn(cut.second_id)) return;
    const { turn } = row;
    const [before, after] = [turn.words.slice(0, cut.at_word), turn.words.slice(cut.at_word)];
    const at = textOf({ words: before }).length;
    const border = Math.min(Math.max(after[0].start_ms, turn.start_ms), turn.end_ms);
    const changes = turn.changes ?? [];
    const omitted = turn.omissions ?? [];
    const [heard, rest] = heardParts(turn.heard, border);
    const first = { ...turn, words: before, end_ms: border, heard, changes: changes.filter((one) => one.at < at), omissions: omitted.filter((one) => one.at < at) };
    const second = { ...turn, id: cut.second_id, words: after, start_ms: border, heard: rest,
      changes: shifted(changes.filter((one) => one.at >= at), -at), omissions: shifted(omitted.filter((one) => one.at >= at), -at) };
    const [marks, more] = partMarks(row.marks, at);
    record.change(row.key, { turn: first, text: textOf(first), marks });
    record.add({ key: key(second.id), kind: "turn", at: border, turn: second, text: textOf(second), marks: more, rule: row.rule });
    if (this.voices.has(turn.id)) this.voices.set(second.id, this.voices.get(turn.id));
    record.mended = record.mended.map((one) => (one.turn_id === turn.id && one.change.at >= at ? place(one, second.id, -at) : one));
    this.splits.push(cut);
    if (by !== "recognition") this.steps.push({ kind: "split", by, cut });
  }

  unsplit(record, cut, marks) {
    const [first, second] = [record.turn(cut.turn_id), record.turn(cut.second_id)];
    if (!first || !second) return;
    const length = textOf(first).length;
    const changes = [...(first.changes ?? []), ...shifted(second.changes ?? [], length)];
    record.remove(key(second.id));
    const omissions = [...(first.omissions ?? []), ...shifted(second.omissions ?? [], length)];
    const heard = first.heard || second.heard ? together(first.heard ?? first, second.heard ?? second) : null;
    const whole = { ...first, words: [...first.words, ...second.words], end_ms: second.end_ms, changes, omissions, heard };
    record.change(key(first.id), { turn: whole, text: textOf(whole), marks });
    this.voices.delete(second.id);
    record.mended = record.mended.map((one) => (one.turn_id === second.id ? place(one, first.id, length) : one));
    this.splits = this.splits.filter((one) => one.second_id !== cut.second_id);
    this.drop((step) => step.cut?.second_id === cut.second_id);
  }

  // The last step of this kind is not to be undone any more.
  drop(is) {
    const index = this.steps.findLastIndex(is);
    if (index >= 0) this.steps = this.steps.filter((_, at) => at !== index);
  }
}

// What was recognized of a turn that is cut at a moment: both halves.
function heardParts(heard, border) {
  if (!heard) return [null, null];
  const early = heard.words.filter((word) => word.start_ms < border);
  const at = textOf({ words: early }).length;
  const changes = heard.changes ?? [];
  return [{ ...heard, words: early, changes: changes.filter((one) => one.at < at) },
    { ...heard, words: heard.words.slice(early.length), changes: shifted(changes.filter((one) => one.at >= at), -at) }];
}

const together = (first, second) => ({ omissions: [], words: [...first.words, ...second.words],
  changes: [...(first.changes ?? []), ...shifted(second.changes ?? [], textOf(first).length)] });

const shifted = (changes, by) => changes.map((one) => ({ ...one, at: one.at + by }));
const place = ({ change }, id, by) => ({ turn_id: id, change: { ...change, at: change.at + by } });

// The marks of a text that was cut at character `at`: one that goes over the cut is in neither half.
function partMarks(marks, at) {
  if (!marks) return [marks, marks];
  const halves = (spans) => [spans.filter(({ end }) => end <= at),
    spans.filter(({ start }) => start >= at).map((one) => ({ ...one, start: one.start - at, end: one.end - at }))];
  const [written, fillers] = [halves(marks.written), halves(marks.fillers)];
  return [{ written: written[0], fillers: fillers[0] }, { written: written[1], fillers: fillers[1] }];
}

export const SPEAKER_HANDLERS = {
  TurnReassigned: (record, { reassignment }, message) => record.spoken.reassign(record, reassignment, message),
  ReassigningUndone: (record, { reassignment }) => record.spoken.undo(record, reassignment),
  ReassigningRefused: () => {},
  VoiceNamed: (record, { naming }, { by }) => record.spoken.name(record, naming, by),
  VoiceNamingUndone: (record, { naming }) => record.spoken.undoName(record, naming),
  TurnSplit: (record, { split }, { by }) => record.spoken.split(record, split, by),
  SplitUndone: (record, { split }, { marks }) => record.spoken.unsplit(record, split, marks),
  VoiceEnrolled: () => {},
  EnrolmentWithdrawn: () => {},
  SpeakersProposed: () => {},
};
for (const [type, handler] of Object.entries(SPEAKER_HANDLERS)) {
  SPEAKER_HANDLERS[type] = (record, event, message) => {
    handler(record, event, message);
    record.spoken.changed += 1;
  };
}
