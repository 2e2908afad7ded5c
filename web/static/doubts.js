// Where a person should listen first: words that were heard with doubt, and words on which a case may hang. Pure
// functions of a row; rows are never changed, so that each is looked at once.
const LOW = 0.5;
const WEIGHT = 3; // a wrong number, negation or name costs more than another wrong word
const SHORT = 4; // characters of an answer that is easily lost or given to somebody else
const NEGATION = /[不没未无非否别勿]/g;
const LISTENING = 6; // characters that could be heard in the time it takes to begin: the queue goes by risk for the time
const CHECKED = ["confirmed"];
const PUNCTUATION = /[，。？！；：、,.?!;:\s…“”《》（）]/g;

// How probably a character of a word with this confidence is wrong: Whisper base on real speech (bench/doubt.py).
const CURVE = [[0.24, 0.45], [0.52, 0.41], [0.71, 0.36], [0.85, 0.14], [0.94, 0.08], [0.99, 0.02]];

export function wrong(confidence) {
  const upper = CURVE.findIndex(([at]) => at >= confidence);
  if (upper === 0) return CURVE[0][1];
  if (upper < 0) return CURVE.at(-1)[1];
  const [[x0, y0], [x1, y1]] = [CURVE[upper - 1], CURVE[upper]];
  return y0 + ((y1 - y0) * (confidence - x0)) / (x1 - x0);
}

const isOpen = (turn) => !turn.suppressed && !CHECKED.includes(turn.state);
const letters = (text) => text.replace(PUNCTUATION, "").length;
// What a person typed is nobody's guess.
const typed = (turn, word) => Boolean(turn.heard) && word.confidence === 1;

// Stretches of the text that were heard with doubt, joined where they touch.
export function lowSpans(turn) {
  if (!isOpen(turn)) return [];
  const spans = [];
  let at = 0;
  for (const word of turn.words) {
    const end = at + word.text.length;
    if (word.confidence < LOW && letters(word.text)) {
      if (spans.at(-1)?.end === at) spans.at(-1).end = end;
      else spans.push({ start: at, end });
    }
    at = end;
  }
  return spans;
}

const known = new WeakMap();

// What there is to doubt in a row: {row, kinds, errors (characters, expected), risk}; null where it was checked.
export function doubtOf(row, names) {
  if (row.kind !== "turn" || !isOpen(row.turn)) return null;
  const found = known.get(row);
  if (found?.names === names) return found.doubt;
  const doubt = look(row, names);
  known.set(row, { names, doubt });
  return doubt;
}

function look(row, names) {
  const { turn, text, marks } = row;
  const heavy = [...(marks?.written ?? []), ...places(text, NEGATION), ...names.flatMap((name) => all(text, name))];
  let [at, errors, risk] = [0, 0, 0];
  for (const word of turn.words) {
    const end = at + word.text.length;
    const expected = typed(turn, word) ? 0 : wrong(word.confidence) * letters(word.text);
    errors += expected;
    risk += expected * (heavy.some((span) => span.start < end && span.end > at) ? WEIGHT : 1);
    at = end;
  }
  const kinds = [
    ...(turn.tags?.includes("待核") ? ["marked"] : []), ...(lowSpans(turn).length ? ["low"] : []),
    ...((turn.changes ?? []).some(({ reason }) => reason === "doubt") ? ["sounds"] : []), ...(marks?.written.length ? ["number"] : []),
    ...(places(text, NEGATION).length ? ["negation"] : []), ...(names.some((name) => text.includes(name)) ? ["name"] : []),
    ...(letters(text) <= SHORT ? ["short"] : []), ...((turn.certainty ?? 1) < 0.5 ? ["who"] : []),
  ];
  const density = (risk + (kinds.includes("short") ? 0.5 : 0)) / (letters(text) + LISTENING);
  return { row, kinds, errors, risk: density + (kinds.includes("marked") ? 100 : 0) };
}

const places = (text, pattern) => [...text.matchAll(pattern)].map(({ index, 0: found }) => ({ start: index, end: index + found.length }));

function all(text, name) {
  const found = [];
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) found.push({ start: at, end: at + name.length });
  return found;
}

// The queue, the riskiest first, and how many characters are probably still wrong in all that nobody has checked.
export function queue(record, names) {
  const doubts = record.rows.map((row) => doubtOf(row, names)).filter(Boolean);
  const errors = doubts.reduce((sum, doubt) => sum + doubt.errors, 0);
  return { errors, list: doubts.filter(({ kinds }) => kinds.length).sort((a, b) => b.risk - a.risk) };
}
