// A change to the words of a turn, made or taken back: the same fold as casefile/mending.py.
const end = (change) => change.at + change.after.length;
const meets = (one, other) => one.at < end(other) && other.at < end(one);
const changesOf = (turn) => turn.changes ?? [];
const same = (one, other) => one.at === other.at && one.before === other.before && one.after === other.after;

// Of a change that lies beneath a longer or later one, what was first heard is kept.
export function mended(turn, change) {
  const covered = changesOf(turn).filter((one) => meets(one, change));
  const heard = covered.filter((one) => one.reason !== "doubt").reduce((text, one) => put(text, one.at - change.at, one.before), change.before);
  const changes = [...changesOf(turn).filter((one) => !covered.includes(one)), { ...change, before: heard }];
  return { ...turn, words: withText(turn.words, change.at, change.after), changes: changes.sort((a, b) => a.at - b.at) };
}

export function undone(turn, change) {
  const changes = changesOf(turn).filter((one) => !same(one, change));
  return { ...turn, words: withText(turn.words, change.at, change.before), changes };
}

// The mended turn, or null where the change does not fit (casefile/mending.py `fits`).
export function fitting(turn, change) {
  const before = textOf(turn).slice(change.at, change.at + change.before.length);
  const inside = (one) => change.at <= one.at && end(one) <= end(change);
  const free = changesOf(turn).every((one) => one.reason === "doubt" || inside(one) || !meets(one, change));
  return before === change.before && free ? mended(turn, change) : null;
}

export const textOf = (turn) => turn.words.map((word) => word.text).join("");

export const samePlace = (one, other) =>
  one.turn_id === other.turn_id && one.change.at === other.change.at && one.change.after === other.change.after;

const put = (text, at, piece) => text.slice(0, at) + piece + text.slice(at + piece.length);

function withText(words, at, piece) {
  const text = put(words.map((word) => word.text).join(""), at, piece);
  let start = 0;
  return words.map((word) => ({ ...word, text: text.slice(start, (start += word.text.length)) }));
}
