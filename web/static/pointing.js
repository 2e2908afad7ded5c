// From a place on the screen to a word, and from a moment to a word that is lit up. The text of a turn is one
// text node, whatever its number of words; the current word is a range in CSS.highlights.
const highlight = window.Highlight ? new window.Highlight() : null;
if (highlight) CSS.highlights.set("spoken", highlight);

// The place in a text under the pointer: {node, offset}, or null.
function caret(x, y) {
  if (document.caretPositionFromPoint) {
    const place = document.caretPositionFromPoint(x, y);
    return place && { node: place.offsetNode, offset: place.offset };
  }
  const range = document.caretRangeFromPoint?.(x, y);
  return range ? { node: range.startContainer, offset: range.startOffset } : null;
}

// The word of `turn` under the pointer; the last one when the pointer is behind the text.
export function wordUnder(event, turn) {
  const place = caret(event.clientX, event.clientY);
  let left = place?.node.nodeType === Node.TEXT_NODE ? place.offset : 0;
  if (place && left > 0 && !before(place, event.clientX)) left += 1;
  for (const word of turn.words) {
    left -= word.text.length;
    if (left <= 0) return word;
  }
  return turn.words.at(-1) ?? null;
}

// A caret stands between two characters: whether the pointer is on the one before it.
function before({ node, offset }, x) {
  const range = document.createRange();
  range.setStart(node, offset - 1);
  range.setEnd(node, offset);
  const box = range.getBoundingClientRect();
  return x >= box.left && x <= box.right;
}

// Lights up the word of this row that is spoken at `ms`.
export function light(row, ms) {
  document.querySelector(".turn.now")?.classList.remove("now");
  highlight?.clear();
  const element = row && document.querySelector(`[data-key="${CSS.escape(row.key)}"]`);
  if (!element) return null;
  element.classList.add("now");
  const node = [...element.querySelector(".said").childNodes].find((child) => child.nodeType === Node.TEXT_NODE);
  if (node && highlight) highlight.add(wordRange(node, row.turn.words, ms));
  return element;
}

function wordRange(node, words, ms) {
  let start = 0;
  let index = 0;
  while (index < words.length - 1 && words[index + 1].start_ms <= ms) start += words[index++].text.length;
  const range = document.createRange();
  range.setStart(node, Math.min(start, node.length));
  range.setEnd(node, Math.min(start + (words[index]?.text.length ?? 0), node.length));
  return range;
}
