// The fold of a hearing's events, as the page shows them: the set-up, the state, and `rows` in order of time.
// A row is {key, kind, at, ...facts}; a changed row is a new object, so that only what changed is drawn again.

import { BLANKING_HANDLERS, Blanking } from "./blanking.js";
import { DUTY_HANDLERS } from "./duties.js";
import { fitting, samePlace, textOf, undone } from "./mending.js";
import { SPEAKER_HANDLERS, Spoken } from "./speakers.js";
import { TEXT_HANDLERS } from "./texts.js";

const RANK = { stage: 0, duty: 1, turn: 1, missed: 1, clock: 2, gap: 3, pause: 3 };

export class Case {
  constructor() {
    this.seq = 0;
    this.state = "draft";
    this.hearing = null;
    this.format = null;
    this.rows = [];
    this.keys = new Set();
    this.stages = [];
    this.duties = new Map();
    this.lengthMs = 0;
    this.openedAt = null;
    this.closedAt = null;
    this.copies = null;
    this.givenUp = false;
    this.seal = null;
    this.pause = null;
    this.clockStep = null;
    this.seatsChanged = 0;
    this.caseWords = [];
    this.mended = [];
    this.wordsChanged = 0;
    this.spoken = new Spoken();
    this.blanking = new Blanking();
    this.signatories = new Set(); // ids
  }

  // Takes the next stored event. False: an event is missing before it, ask for it again from `seq`.
  take(message) {
    if (message.seq <= this.seq) return true;
    if (message.seq !== this.seq + 1) return false;
    this.seq = message.seq;
    HANDLERS[message.event.type]?.(this, message.event, message);
    return true;
  }

  get live() {
    return this.state === "recording" || this.state === "paused";
  }

  seat(id) {
    return this.hearing?.seats.find((seat) => seat.id === id) ?? null;
  }

  // A seat's colour, 1 to 8; 0 for no seat.
  colour(id) {
    const index = this.hearing?.seats.findIndex((seat) => seat.id === id) ?? -1;
    return index < 0 ? 0 : (index % 8) + 1;
  }

  seatOfChannel(channel) {
    return this.hearing?.seats.find((seat) => seat.channels.includes(channel)) ?? null;
  }

  // The turn that is being spoken at this moment, or null.
  turnAt(ms) {
    for (let index = this.place(ms, 9) - 1; index >= 0 && ms - this.rows[index].at < 60000; index -= 1) {
      const row = this.rows[index];
      if (row.kind === "turn" && !row.turn.suppressed && row.turn.end_ms > ms) return row;
    }
    return null;
  }

  // Where a row of this time and rank belongs: behind all that are not later.
  place(at, rank) {
    let low = 0;
    let high = this.rows.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const row = this.rows[middle];
      if (row.at < at || (row.at === at && RANK[row.kind] <= rank)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  // A fact that comes twice stands once, as it came first.
  add(row) {
    if (this.keys.has(row.key)) return;
    this.keys.add(row.key);
    this.rows.splice(this.place(row.at, RANK[row.kind]), 0, row);
  }

  change(key, facts) {
    const index = this.rows.findIndex((row) => row.key === key);
    if (index >= 0) this.rows[index] = { ...this.rows[index], ...facts };
  }

  remove(key) {
    this.keys.delete(key);
    this.rows = this.rows.filter((row) => row.key !== key);
  }

  turn(id) {
    return this.rows.find((row) => row.key === `turn-${id}`)?.turn ?? null;
  }

  reword(turn, marks) {
    if (turn) this.change(`turn-${turn.id}`, { turn, text: textOf(turn), marks });
  }

  // How many numbers and fillers are marked in what stands in the text, pieces left out, turns edited.
  get marks() {
    const found = { numbers: 0, fillers: 0, omitted: 0, edited: 0 };
    for (const { turn, marks } of this.rows) {
      if (!turn || turn.suppressed) continue;
      found.numbers += marks?.written.length ?? 0;
      found.fillers += marks?.fillers.length ?? 0;
      found.omitted += turn.omissions?.length ?? 0;
      found.edited += turn.heard ? 1 : 0;
    }
    return found;
  }

  setUp(hearing) {
    this.hearing = hearing;
    this.seatsChanged += 1;
  }
}

const HANDLERS = {
  ...SPEAKER_HANDLERS,
  ...TEXT_HANDLERS,
  ...DUTY_HANDLERS,
  ...BLANKING_HANDLERS,
  HearingCreated: (record, { hearing }) => record.setUp(hearing),
  HearingChanged: (record, { hearing }) => record.setUp(hearing),
  RecordingStarted(record, { format }, { at }) {
    record.format = format;
    record.openedAt ??= at;
    if (record.state === "draft") record.state = "recording";
  },
  PauseStarted(record, event, { seq }) {
    if (record.state === "recording") record.state = "paused";
    record.pause = { key: `pause-${seq}`, kind: "pause", at: event.at_ms, end: null, reason: event.reason };
    record.add(record.pause);
  },
  PauseEnded(record, event) {
    if (record.state === "paused") record.state = "recording";
    if (record.pause) record.change(record.pause.key, { end: event.at_ms });
    record.pause = null;
  },
  GapFound(record, { gap }) {
    const key = `gap-${gap.start_ms}-${gap.end_ms}-${gap.reason}-${gap.channel}`;
    if (gap.reason !== "pause") record.add({ key, kind: "gap", at: gap.start_ms, gap });
  },
  ClockChanged(record, { step }, { seq }) {
    record.clockStep = { key: `clock-${seq}`, kind: "clock", at: step.at_ms, step };
    record.add(record.clockStep);
  },
  StageEntered(record, event, { seq }) {
    const row = { key: `stage-${seq}`, kind: "stage", at: event.at_ms, name: event.name };
    record.stages = [...record.stages, row];
    record.add(row);
  },
  TurnAdded(record, { turn }, { marks }) {
    const text = turn.words.map((word) => word.text).join("");
    const key = `turn-${turn.id}`;
    if (!record.keys.has(key)) record.add({ key, kind: "turn", at: turn.start_ms, turn: record.spoken.heard(turn), text, marks });
  },
  TurnHeldBack(record, event) {
    const row = record.rows.find((candidate) => candidate.key === `turn-${event.turn_id}`);
    if (!row || row.rule || row.turn.suppressed || row.turn.state !== "final" || row.turn.words.length !== event.words) return;
    record.change(row.key, { turn: { ...row.turn, suppressed: event.rule } });
  },
  TurnRestored(record, event) {
    const turn = record.turn(event.turn_id);
    if (turn?.suppressed) record.change(`turn-${turn.id}`, { turn: { ...turn, suppressed: null }, rule: turn.suppressed });
  },
  RestoringUndone(record, event) {
    const key = `turn-${event.turn_id}`;
    const row = record.rows.find((candidate) => candidate.key === key);
    if (row?.rule) record.change(key, { turn: { ...row.turn, suppressed: row.rule }, rule: null });
  },
  CaseWordsAdded(record, { words }) {
    const known = new Map([...record.caseWords, ...words].map((word) => [word.text, word]));
    record.caseWords = [...known.values()];
    record.wordsChanged += 1;
  },
  CaseWordRemoved(record, { text }) {
    record.caseWords = record.caseWords.filter((word) => word.text !== text);
    record.wordsChanged += 1;
  },
  TurnMended(record, { mending }, { marks }) {
    const turn = record.turn(mending.turn_id);
    const made = turn && fitting(turn, mending.change);
    record.reword(made, marks);
    if (made) record.mended = [mending, ...record.mended];
    record.wordsChanged += 1;
  },
  MendingRefused(record) {
    record.wordsChanged += 1;
  },
  MendingUndone(record, { mending }, { marks }) {
    const turn = record.turn(mending.turn_id);
    record.reword(turn && undone(turn, mending.change), marks);
    record.mended = record.mended.filter((one) => !samePlace(one, mending));
    record.wordsChanged += 1;
  },
  PassageMissed(record, { missed }, { seq }) {
    record.add({ key: `missed-${seq}`, kind: "missed", at: missed.start_ms, missed });
  },
  SignatoryNamed: ({ signatories }, { signatory }) => signatories.add(signatory.id),
  SignatoryRemoved: ({ signatories }, { signatory_id }) => signatories.delete(signatory_id),
  HearingClosed(record, event, { at }) {
    record.state = "closing";
    record.lengthMs = event.length_ms;
    record.closedAt = at;
    if (record.pause) record.change(record.pause.key, { end: event.length_ms });
    record.pause = null;
  },
  RecorderGivenUp(record) {
    record.givenUp = true;
  },
  CopiesCompared(record, event) {
    record.copies = event;
  },
  RecordSealed(record, event) {
    record.state = "sealed";
    record.seal = event;
  },
};
