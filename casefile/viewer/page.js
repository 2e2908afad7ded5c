"use strict";
// Reads a record that is embedded in the page, and hears it from the FLAC files beside. No network, nothing is stored.
const WORDS = {
  zh: { find: "查找", before: "上一处", next: "下一处", play: "播放", pause: "暂停", at: "位置", channel: "声道", speed: "倍速", own: "随发言人",
    hits: (at, all) => (all ? `${at}/${all} 处` : "没有找到"), one: (n) => `第${n}声道`, silent: "此处没有录音", broken: "声音文件无法播放：请在完整的归档文件夹中打开本页", other: "English" },
  en: { find: "Find", before: "Previous", next: "Next", play: "Play", pause: "Pause", at: "Position", channel: "Channel", speed: "Speed", own: "Speaker's own",
    hits: (at, all) => (all ? `${at} of ${all}` : "Not found"), one: (n) => `Channel ${n}`, silent: "No sound was recorded here", broken: "The sound cannot be played: open this page inside the whole archive folder", other: "中文" },
};
const $ = (id) => document.getElementById(id);
const record = JSON.parse($("record").textContent);
const sound = $("sound");
let language = "zh";
let channel = 0;
let playing = null; // the file that is loaded, and the channel
let now = -1;
let hits = [];
let hit = -1;
const t = (key) => WORDS[language][key];
const two = (n) => String(n).padStart(2, "0");
const clock = (ms) => `${two(Math.floor(ms / 3600000))}:${two(Math.floor(ms / 60000) % 60)}:${two(Math.floor(ms / 1000) % 60)}`;

function element(name, kind, text) {
  const made = document.createElement(name);
  made.className = kind;
  made.textContent = text;
  return made;
}

function article(line, index) {
  const row = element("article", line.note ? "note" : "turn", line.note ?? "");
  row.dataset.row = index;
  if (line.note) return row;
  const at = element("button", "at", clock(line.start));
  at.type = "button";
  row.append(at, element("span", "who", line.who), element("span", "said", line.text));
  return row;
}

// Where in the files a moment lies; without sound there, where it goes on.
function place(ms) {
  for (const file of record.sound) {
    for (const [start, offset, length] of file.spans) {
      if (ms < start + length) return { file, seconds: (offset + Math.max(0, ms - start)) / 1000, from: Math.max(ms, start) };
    }
  }
  return null;
}

function moment() {
  const ms = sound.currentTime * 1000;
  const spans = playing?.file.spans ?? [];
  const [start, offset] = spans.findLast((span) => span[1] <= ms + 1) ?? spans[0] ?? [0, 0];
  return start + ms - offset;
}

function hear(ms, own) {
  const found = place(ms);
  if (!found) return say("silent");
  channel = $("channel").value === "" ? own ?? channel : Number($("channel").value);
  const name = found.file.files[channel] ?? found.file.files[0];
  const go = () => {
    sound.currentTime = found.seconds;
    sound.playbackRate = Number($("speed").value);
    sound.play().catch(() => say("broken"));
  };
  $("trouble").textContent = "";
  if (playing?.file === found.file && playing.name === name) return go();
  playing = { file: found.file, name };
  sound.src = name;
  sound.addEventListener("loadedmetadata", go, { once: true });
  sound.load();
}

const say = (key) => { $("trouble").textContent = t(key); };

// The character under the pointer, to the moment at which its word begins.
function heardAt(line, event) {
  const position = document.caretPositionFromPoint?.(event.clientX, event.clientY);
  const offset = position ? position.offset : document.caretRangeFromPoint?.(event.clientX, event.clientY)?.startOffset ?? 0;
  let at = 0;
  let start = line.start;
  for (let word = 0; word < line.words.length && at <= offset; word += 2) {
    start = line.start + line.words[word + 1];
    at += line.words[word];
  }
  return start;
}

function clicked(event) {
  const line = record.lines[event.target.closest("article")?.dataset.row];
  if (!line || line.note || !getSelection().isCollapsed) return;
  if (event.target.closest(".at")) hear(line.start, line.channel);
  else if (event.target.closest(".said")) hear(heardAt(line, event), line.channel);
}

function follow() {
  const ms = moment();
  $("clock").textContent = clock(ms);
  $("at").value = Math.floor(ms / 1000);
  const row = record.lines.findLastIndex((line) => !line.note && line.start <= ms + 50);
  if (row === now) return;
  $("turns").children[now]?.classList.remove("now");
  $("turns").children[row]?.classList.add("now");
  $("turns").children[row]?.scrollIntoView({ block: "nearest" });
  now = row;
}

function ended() {
  const next = record.sound[record.sound.indexOf(playing?.file) + 1];
  if (next) hear(next.spans[0][0], channel);
}

// Where a text stands in the words of a row.
function places(row, wanted) {
  const text = (row.querySelector(".said") ?? row).firstChild;
  const found = [];
  for (let at = text.data.toLowerCase().indexOf(wanted); at >= 0; at = text.data.toLowerCase().indexOf(wanted, at + 1)) {
    found.push(new StaticRange({ startContainer: text, startOffset: at, endContainer: text, endOffset: Math.min(at + wanted.length, text.length) }));
  }
  return found;
}

function find() {
  for (const row of hits) $("turns").children[row].classList.remove("found");
  const wanted = $("find").value.trim().toLowerCase();
  hits = wanted ? record.lines.flatMap((line, row) => ((line.note ?? `${line.who}${line.text}`).toLowerCase().includes(wanted) ? [row] : [])) : [];
  for (const row of hits) $("turns").children[row].classList.add("found");
  if (window.Highlight) CSS.highlights.set("found", new Highlight(...hits.flatMap((row) => places($("turns").children[row], wanted))));
  hit = -1;
  go(1);
}

function go(by) {
  if (hits.length) {
    hit = (hit + by + hits.length) % hits.length;
    $("turns").children[hits[hit]].scrollIntoView({ block: "center" });
  }
  count();
}

function count() {
  $("hits").textContent = $("find").value.trim() ? t("hits")(hit + 1, hits.length) : "";
}

function speak() {
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  for (const one of document.querySelectorAll("[data-say]")) one.textContent = t(one.dataset.say);
  $("play").textContent = t(sound.paused ? "play" : "pause");
  $("language").textContent = t("other");
  count();
  $("mark").textContent = record.mark ? record.mark[language] : "";
  for (const option of $("channel").options) option.textContent = option.value === "" ? t("own") : t("one")(Number(option.value) + 1);
}

function begin() {
  $("title").textContent = record.title;
  document.title = record.title;
  $("facts").textContent = record.facts;
  $("mark").hidden = !record.mark;
  $("at").max = Math.floor(record.length / 1000);
  const all = document.createDocumentFragment();
  all.append(...record.lines.map(article));
  $("turns").append(all);
  const channels = Math.max(0, ...record.sound.map((file) => file.files.length));
  for (const value of ["", ...Array(channels).keys()]) $("channel").append(Object.assign(document.createElement("option"), { value: String(value) }));
  speak();
}

$("turns").addEventListener("click", clicked);
$("find").addEventListener("input", find);
$("find").addEventListener("keydown", (event) => { if (event.key === "Enter" && !event.isComposing) go(event.shiftKey ? -1 : 1); });
$("next").addEventListener("click", () => go(1));
$("before").addEventListener("click", () => go(-1));
$("play").addEventListener("click", () => (sound.paused ? hear(playing ? moment() : 0, channel) : sound.pause()));
$("at").addEventListener("change", () => hear(Number($("at").value) * 1000, channel));
$("channel").addEventListener("change", () => { if (!sound.paused) hear(moment(), channel); });
$("speed").addEventListener("change", () => { sound.playbackRate = Number($("speed").value); });
$("language").addEventListener("click", () => { language = language === "zh" ? "en" : "zh"; speak(); });
for (const name of ["play", "pause"]) sound.addEventListener(name, speak);
sound.addEventListener("timeupdate", follow);
sound.addEventListener("ended", ended);
sound.addEventListener("error", () => { if (playing) say("broken"); });
begin();
