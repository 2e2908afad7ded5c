// From a place on the screen to a word, and from a moment to a word that is lit up. The text of a turn is
// one text node, but for marked numbers and fillers; the current word is a range in CSS.highlights.
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

// The text nodes of a turn, each with the stretch of its text that it shows (offsets in characters). The written
// form of a number shows the same stretch as the spoken one before it.
function stretches(said) {
  const walker = document.createTreeWalker(said, NodeFilter.SHOW_TEXT);
  const found = [];
  let at = 0;
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const written = node.parentElement.matches(".written");
    const start = written ? found.at(-1).start : at;
    if (!written) at += node.length;
    if (node.length) found.push({ node, start, end: at, written });
  }
  return found;
}

// The word of `turn` under the pointer; the last one when the pointer is behind the text.
export function wordUnder(event, turn) {
  let left = charactersTo(event);
  for (const word of turn.words) {
    left -= word.text.length;
    if (left <= 0) return word;
  }
  return turn.words.at(-1) ?? null;
}

// How many characters of the text there are up to the one under the pointer, with it.
function charactersTo(event) {
  const place = caret(event.clientX, event.clientY);
  const stretch = place && stretches(event.target.closest(".said")).find(({ node }) => node === place.node);
  if (!stretch) return 0;
  if (stretch.written) return stretch.start + 1;
  const behind = place.offset > 0 && before(place, event.clientX);
  return stretch.start + place.offset + (behind ? 0 : 1);
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
  const said = element?.querySelector(".said"); // none while a change of the row is not drawn yet
  if (!said) return null;
  element.classList.add("now");
  for (const range of wordRanges(said, row.turn.words, ms)) highlight?.add(range);
  return element;
}

// The ranges of a turn's text from one character to another, as they are drawn now.
export function textRanges(said, from, to) {
  return stretches(said).filter((stretch) => stretch.start < to && stretch.end > from).map((stretch) => part(stretch, from, to));
}

// The character under the pointer, from 0.
export const characterUnder = (event) => Math.max(0, charactersTo(event) - 1);

function wordRanges(said, words, ms) {
  let start = 0;
  let index = 0;
  while (index < words.length - 1 && words[index + 1].start_ms <= ms) start += words[index++].text.length;
  const end = start + (words[index]?.text.length ?? 0);
  return textRanges(said, start, end);
}

function part({ node, start, written }, from, to) {
  const range = document.createRange();
  range.setStart(node, written ? 0 : Math.max(0, from - start));
  range.setEnd(node, written ? node.length : Math.min(node.length, to - start));
  return range;
}
