// Which key does what: presets, and what this person chose instead. Kept in this browser.
// A key is written as it is shown: "s", "Ctrl+Enter", "Shift+1", "F2". Digits count by their place on the keyboard,
// so that Shift+1 is Shift+1 on every layout.
const PLACE = "tingji.keys";

// Actions in the order of the key sheet: [id, default keys]. Those in EVERYWHERE count in a text field, too.
export const ACTIONS = [
  ["next", ["ArrowDown"]], ["previous", ["ArrowUp"]], ["tail", ["Escape", "End"]], ["find", ["/", "、"]],
  ["edit", ["e"]], ["confirm", ["c", "Ctrl+Enter"]], ["unconfirm", ["Shift+c"]],
  ["edit.next", ["Ctrl+ArrowDown"]], ["edit.previous", ["Ctrl+ArrowUp"]],
  ["split", ["s"]], ["join", ["m"]], ["name", ["w"]],
  ...[...Array(9).keys()].map((n) => [`seat.${n + 1}`, [String(n + 1)]]),
  ...[...Array(9).keys()].map((n) => [`cut.${n + 1}`, [`Shift+${n + 1}`]]),
  ["undo", ["u", "Ctrl+z"]], ["redo", ["Shift+u", "Ctrl+y"]],
  ["check", ["k", "F2"]], ["tag", ["t"]], ["doubt", ["d", "F8"]], ["piece", ["x"]], ["fillers.out", ["Shift+x"]],
  ["layer", ["l"]], ["verbatim", ["v"]], ["numbers", ["n"]], ["fillers", ["f"]],
  ["play", [" "]], ["back", ["ArrowLeft"]], ["forward", ["ArrowRight"]], ["replay", ["r", "F4"]],
  ["slower", ["["]], ["faster", ["]"]],
  ["pause", ["p"]], ["screens", ["b"]], ["stage", ["g"]], ["stage.take", ["Shift+g"]], ["stage.leave", ["Alt+g"]], ["evidence", ["z"]], ["codes", ["q", "F9"]], ["checklist", ["h"]], ["duty.next", ["Shift+h"]], ["duty.back", ["Alt+h"]], ["signing", ["y"]], ["keys", ["?"]],
];
const EVERYWHERE = new Set(["confirm", "edit.next", "edit.previous", "check", "doubt", "replay", "codes"]);

// §5 of the clerks' habits; the browser keeps some of these keys for itself unless it runs as a kiosk.
const COURT = {
  ...Object.fromEntries([...Array(8).keys()].map((n) => [`seat.${n + 1}`, [String(n + 1), `F${n + 2}`]])),
  ...Object.fromEntries([...Array(8).keys()].map((n) => [`cut.${n + 1}`, [`Shift+${n + 1}`, `Alt+F${n + 2}`]])),
  check: ["k", "F10"], replay: ["r", "F11"], doubt: ["d", "F12"], join: ["m", "Alt+m"], tag: ["t", "Ctrl+b"], pause: ["p", "Ctrl+Shift+p"], codes: ["q"],
};
const OTRANSCRIBE = { play: [" ", "Escape"], slower: ["[", "F1"], faster: ["]", "F2"], back: ["ArrowLeft", "F3"], forward: ["ArrowRight", "F4"], tail: ["End"], check: ["k"], replay: ["r"] };
export const PRESETS = { plain: {}, court: COURT, otranscribe: OTRANSCRIBE };

const read = () => {
  try {
    return { preset: "plain", own: {}, ...JSON.parse(localStorage.getItem(PLACE)) };
  } catch {
    return { preset: "plain", own: {} };
  }
};

class Keymap {
  constructor() {
    this.load(read());
  }

  load(chosen) {
    this.preset = chosen.preset in PRESETS ? chosen.preset : "plain";
    this.own = chosen.own;
    this.byKey = new Map();
    for (const [id] of ACTIONS) for (const key of this.keysOf(id)) if (!this.byKey.has(key)) this.byKey.set(key, id);
  }

  keysOf(id) {
    return this.own[id] ?? PRESETS[this.preset][id] ?? ACTIONS.find(([name]) => name === id)?.[1] ?? [];
  }

  save(chosen) {
    localStorage.setItem(PLACE, JSON.stringify(chosen));
    this.load(chosen);
  }

  choose(preset) {
    this.save({ preset, own: {} });
  }

  // The key does this from now on, and nothing else.
  bind(id, key) {
    const own = { ...this.own, [id]: [key] };
    for (const [other] of ACTIONS) if (other !== id && this.keysOf(other).includes(key)) own[other] = this.keysOf(other).filter((one) => one !== key);
    this.save({ preset: this.preset, own });
  }

  reset(id) {
    const { [id]: _, ...own } = this.own;
    this.save({ preset: this.preset, own });
  }

  // The action of a key, or undefined. While a turn is edited, only what types nothing and moves no caret counts.
  action(event, editing) {
    const id = this.byKey.get(keyOf(event));
    if (!editing || id === undefined) return id;
    const wanted = EVERYWHERE.has(id) || (!CARET.has(event.key) && (this.own[id] ?? PRESETS[this.preset][id]));
    return wanted && !types(event) ? id : undefined;
  }
}

const CARET = new Set(["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "Home", "End", "Escape", "Enter", "Tab", "Backspace", "Delete"]);
const types = (event) => event.key.length === 1 && !event.ctrlKey && !event.altKey && !event.metaKey;

export function keyOf(event) {
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(event.code ?? "")?.[1];
  const letter = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const shifted = event.shiftKey && (digit || letter.length > 1 || /[a-z]/.test(letter));
  return `${event.ctrlKey ? "Ctrl+" : ""}${event.altKey ? "Alt+" : ""}${event.metaKey ? "Meta+" : ""}${shifted ? "Shift+" : ""}${digit ?? letter}`;
}

export const keymap = new Keymap();
const SIGNS = { " ": "Space", ArrowUp: "↑", ArrowDown: "↓", ArrowLeft: "←", ArrowRight: "→", Escape: "Esc", Enter: "⏎" };
export const shown = (key) => key.split("+").map((part, index, all) => (part === "" && index === all.length - 1 ? "+" : SIGNS[part] ?? (part.length === 1 ? part.toUpperCase() : part))).join(" ");
