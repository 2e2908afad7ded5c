// From a key to what it does (keymap.js says which). No key counts while an input method composes, none in a field
// or dialog but in the editor of a turn, and none that is not ours is kept from the browser.
import { keymap } from "./keymap.js";
import { turnOver } from "./reading.js";
import { toggleScreens } from "./screens.js";

const FIELDS = "input, select, textarea, dialog, details[open], [contenteditable]";

export function keyDown(page, event) {
  if (event.isComposing || event.keyCode === 229 || event.defaultPrevented) return;
  const editing = Boolean(event.target.closest?.(".turn-editor"));
  if (!editing && event.target.closest?.(FIELDS)) return;
  const act = ACTS[keymap.action(event, editing)];
  if (act?.(page, event)) event.preventDefault();
}

const sounding = (page) => Boolean(page.record.format);
const done = () => true;
const dialog = (page, name) => {
  const found = page.querySelector(name);
  found?.toggle();
  return Boolean(found);
};

const ACTS = {
  play: (page, event) => !event.target.closest("button, a, summary") && sounding(page) && done(page.player.toggle()),
  back: (page) => page.hand.walk(-1) || sounding(page) && done(page.player.jump(-5000)),
  forward: (page) => page.hand.walk(1) || sounding(page) && done(page.player.jump(5000)),
  replay: (page) => sounding(page) && done(page.record.live ? page.player.replay(5000) : page.player.jump(-5000)),
  slower: (page) => sounding(page) && done(page.player.hurry(Math.max(0.5, page.player.speed - 0.25))),
  faster: (page) => sounding(page) && done(page.player.hurry(Math.min(2, page.player.speed + 0.25))),
  previous: (page, event) => step(event, -1),
  next: (page, event) => step(event, 1),
  edit: (page) => page.editChosen(),
  "edit.next": (page) => page.step(1),
  "edit.previous": (page) => page.step(-1),
  confirm: (page, event) => done(page.hand.confirm(Boolean(event.target.closest(".turn-editor")))),
  unconfirm: (page) => page.hand.unconfirm(),
  numbers: (page) => turnOver(page, "numbers"),
  fillers: (page) => turnOver(page, "fillers"),
  layer: (page) => turnOver(page, "layer"),
  verbatim: (page) => turnOver(page, "heard"),
  name: (page) => byName(page),
  split: (page) => page.speaking.cut(),
  join: (page) => page.hand.join(),
  undo: (page) => page.hand.undo(),
  redo: (page) => page.hand.redo(),
  check: (page) => page.hand.tag("待核"),
  checklist: (page) => dialog(page, "check-list"),
  "duty.next": (page) => page.duties.next(),
  "duty.back": (page) => page.duties.back(),
  codes: (page) => dialog(page, "code-panel"),
  evidence: (page) => dialog(page, "evidence-panel"),
  signing: (page) => dialog(page, "signing-panel"),
  tag: (page) => dialog(page, "tag-menu"),
  piece: (page, event) => event.repeat || page.hand.leaveOut(), // a key held down is no second press
  "fillers.out": (page) => page.hand.fillersOut(),
  doubt: (page) => page.nextDoubt(),
  screens: (page) => toggleScreens(page),
  pause: (page) => opened(page, ".menu.pause"),
  "stage.take": (page) => page.cues.take(),
  "stage.leave": (page) => page.cues.leave(),
  stage: (page) => opened(page, ".menu.stages"),
  keys: (page) => dialog(page, "key-sheet"),
  find: (page) => finding(page),
  tail: (page) => page.hand.shut() || page.speaking.shut() || page.record.live && done(page.tail.back()),
};
for (let number = 1; number <= 9; number += 1) {
  ACTS[`seat.${number}`] = (page) => page.speaking.give(number);
  ACTS[`cut.${number}`] = (page) => page.speaking.cutFor(number);
}

// A menu of the head, open, with the first of its choices in hand.
function opened(page, which) {
  const menu = page.querySelector(which);
  if (!menu) return false;
  menu.open = true;
  menu.querySelector(".item")?.focus();
  return true;
}

function finding(page) {
  const panel = page.querySelector("find-panel");
  panel?.open();
  return Boolean(panel);
}

function byName({ speaking, readOnly }) {
  if (!speaking.row || readOnly) return false;
  speaking.choose();
  return true;
}

// From the list itself to the first turn in sight; from a turn to its neighbour.
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.isComposing && event.target.matches?.("main") && enter(event.target)) event.preventDefault();
});

function enter(main) {
  const top = main.getBoundingClientRect().top;
  const buttons = [...main.querySelectorAll("button.at")];
  return move(buttons.find((button) => button.getBoundingClientRect().top >= top));
}

function step(event, by) {
  if (!event.target.matches("button.at")) return false;
  const buttons = [...document.querySelectorAll("button.at")];
  return move(buttons[buttons.indexOf(event.target) + by]);
}

function move(button) {
  button?.focus();
  return Boolean(button);
}
