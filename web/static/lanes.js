// Who spoke when, as numbers to draw: lanes by seat, and for each column of the strip how much of it is speech.
// Pure functions of the rows: 5,000 turns are one pass, whatever the width.
const VOICES = 4;
export const UNSURE = 0.6;

export const isUnsure = (turn) => turn.how === "cluster" || (turn.certainty ?? 1) < UNSURE;

const shown = (row) => row.kind === "turn" && !row.turn.suppressed;

// A lane for each seat in its order, then for each voice without a seat, then one for all the rest.
export function lanesOf(record) {
  const lanes = (record.hearing?.seats ?? []).map((seat, index) => ({
    key: seat.id, seat, name: seat.short || seat.role, colour: record.colour(seat.id), number: index + 1,
  }));
  const names = new Set();
  for (const row of record.rows) if (shown(row) && !record.seat(row.turn.seat)) names.add(row.turn.speaker);
  const labels = [...names];
  const own = labels.length > VOICES ? labels.slice(0, VOICES - 1) : labels;
  lanes.push(...own.map((name) => ({ key: `voice ${name}`, seat: null, name, colour: 0, number: 0 })));
  if (own.length < labels.length) lanes.push({ key: "rest", seat: null, name: "…", colour: 0, number: 0 });
  return lanes;
}

export function laneOf(lanes, record, turn) {
  const wanted = record.seat(turn.seat) ? turn.seat : `voice ${turn.speaker}`;
  const index = lanes.findIndex(({ key }) => key === wanted);
  return index < 0 ? lanes.length - 1 : index;
}

// For each lane, two arrays of `columns` shares from 0 to 1: speech, and unsure speech within it, from `fromMs` on.
export function columnsOf(record, lanes, columns, lengthMs, fromMs = 0) {
  const drawn = lanes.map(() => ({ speech: new Float32Array(columns), unsure: new Float32Array(columns) }));
  const where = new Map(lanes.map(({ key }, index) => [key, index]));
  const perMs = columns / Math.max(1, lengthMs);
  for (const row of record.rows) {
    if (!shown(row)) continue;
    const { turn } = row;
    const lane = drawn[where.get(turn.seat) ?? where.get(`voice ${turn.speaker}`) ?? lanes.length - 1];
    if (lane) spread((turn.start_ms - fromMs) * perMs, (turn.end_ms - fromMs) * perMs, isUnsure(turn) ? [lane.speech, lane.unsure] : [lane.speech]);
  }
  return drawn;
}

function spread(from, to, arrays) {
  for (let column = Math.max(0, Math.floor(from)); column < Math.min(to, arrays[0].length); column += 1) {
    const share = Math.min(to, column + 1) - Math.max(from, column);
    for (const array of arrays) array[column] = Math.min(1, array[column] + share);
  }
}

// The turn in this lane that is spoken at `ms`, or the nearest to it.
export function nearest(record, lanes, lane, ms) {
  let best = null;
  let far = Infinity;
  for (const row of record.rows) {
    if (!shown(row) || (lane !== null && laneOf(lanes, record, row.turn) !== lane)) continue;
    const distance = Math.max(row.turn.start_ms - ms, ms - row.turn.end_ms, 0);
    if (distance < far) [best, far] = [row, distance];
  }
  return best;
}

// The next turn before (-1) or behind (1) this one.
export function beside(record, at, by) {
  const turns = record.rows.filter(shown);
  const index = turns.findIndex((row) => row.key === at);
  if (index < 0) return by > 0 ? turns[0] : turns.at(-1);
  return turns[Math.min(turns.length - 1, Math.max(0, index + by))];
}
