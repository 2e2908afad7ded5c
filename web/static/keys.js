// The keyboard: space plays and pauses, arrows jump, Escape goes to the latest; in the list of turns, up and down.
// / finds; n: numbers as spoken or written; f: fillers or not; 1 to 9: whose the chosen turn is, w: by name; s cuts it, u takes back. No key counts while an input method composes.
import { turnOver } from "./reading.js";

const TYPING = "input, select, textarea, dialog, details[open], [contenteditable]";

export function keyDown(page, event) {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (event.target.closest?.(TYPING)) return;
  const act = ACTS[event.key];
  if (act?.(page, event)) event.preventDefault();
}

const ACTS = {
  " ": (page, event) => !event.target.closest("button, a, summary") && sounding(page) && done(page.player.toggle()),
  ArrowLeft: (page) => sounding(page) && done(page.player.jump(-5000)),
  ArrowRight: (page) => sounding(page) && done(page.player.jump(5000)),
  ArrowUp: (page, event) => step(event, -1),
  ArrowDown: (page, event) => step(event, 1),
  Enter: (page, event) => event.target.matches("main") && enter(event.target),
  n: (page) => turnOver(page, "numbers"),
  f: (page) => turnOver(page, "fillers"),
  w: (page) => byName(page),
  W: (page) => byName(page),
  s: (page) => page.speaking.cut(),
  S: (page) => page.speaking.cut(),
  u: (page) => page.speaking.undo(),
  U: (page) => page.speaking.undo(),
  "/": (page) => finding(page),
  "、": (page) => finding(page),
  Escape: (page) => page.speaking.shut() || page.record.live && done(page.tail.back()),
};

for (let number = 1; number <= 9; number += 1) ACTS[number] = (page) => page.speaking.give(number);

function byName({ speaking, readOnly }) {
  if (!speaking.row || readOnly) return false;
  speaking.choose();
  return true;
}

function finding(page) {
  const panel = page.querySelector("find-panel");
  panel?.open();
  return Boolean(panel);
}

const sounding = (page) => Boolean(page.record.format);
const done = () => true;

// From the list itself to the first turn in sight.
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
