// The clerk's hand on the text, folded: the server sends each changed turn as it stands, so there is one fold of it.
import { textOf } from "./mending.js";

const key = (id) => `turn-${id}`;

// What was heard, before any person or rule changed it.
export function verbatim(turn) {
  const { words, changes = [] } = turn.heard ?? turn;
  const letters = textOf({ words });
  return changes.filter(({ reason }) => reason !== "doubt")
    .reduce((text, { at, before }) => text.slice(0, at) + before + text.slice(at + before.length), letters);
}

// The turns of a message take the place of those with their ids; a new one (a joining taken back) is added.
function stand(record, { turns = [] }) {
  for (const { turn, marks } of turns) {
    const row = { turn, text: textOf(turn), marks, at: turn.start_ms };
    if (record.keys.has(key(turn.id))) record.change(key(turn.id), row);
    else record.add({ key: key(turn.id), kind: "turn", ...row });
  }
}

// A step of a person, to be undone; one that only takes the last one back is no step, and the last one is gone.
function step(record, made, reverts = () => false) {
  const { spoken } = record;
  const index = spoken.steps.findLastIndex((one) => reverts(one));
  if (index >= 0) spoken.steps = spoken.steps.filter((_, at) => at !== index);
  else if (made) spoken.steps.push(made);
}

const undoes = (kind, id, is = () => true) => (one) => one.kind === kind && one.turn_id === id && is(one);
const samePieces = (one, other) => JSON.stringify(one) === JSON.stringify(other);

const HANDLERS = {
  TurnEdited(record, { edit }, { by }) {
    const last = record.spoken.steps.at(-1);
    const after = textOf(edit.after);
    const back = (one) => one === last && one.kind === "edit" && one.turn_id === edit.turn_id && one.before === after && one.after === edit.before;
    step(record, { kind: "edit", by, turn_id: edit.turn_id, before: edit.before, after }, back);
  },
  TurnConfirmed: (record, { turn_id, text }, { by }) => step(record, { kind: "confirm", by, turn_id, text }),
  ConfirmationUndone: (record, { turn_id }) => step(record, null, undoes("confirm", turn_id)),
  TurnTagged: (record, { turn_id, tag }, { by }) => step(record, { kind: "tag", by, turn_id, tag }),
  TagRemoved: (record, { turn_id, tag }) => step(record, null, undoes("tag", turn_id, (one) => one.tag === tag)),
  PiecesOmitted: (record, { turn_id, pieces }, { by }) => step(record, { kind: "omit", by, turn_id, pieces }),
  OmissionsUndone: (record, { turn_id, pieces }) => step(record, null, undoes("omit", turn_id, (one) => samePieces(one.pieces, pieces))),
  TurnsJoined(record, { join }, { by }) {
    if (!record.keys.has(key(join.second_id))) return;
    record.remove(key(join.second_id));
    step(record, { kind: "join", by, turn_id: join.turn_id, second_id: join.second_id });
  },
  JoiningUndone: (record, { join }) => step(record, null, undoes("join", join.turn_id)),
};

export const TEXT_HANDLERS = Object.fromEntries(Object.entries(HANDLERS).map(([type, handle]) => [type, (record, event, message) => {
  const stood = message.turns?.length;
  if (stood) stand(record, message);
  if (stood) handle(record, event, message);
  record.wordsChanged += 1;
}]));
