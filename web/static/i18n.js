// Every sentence of the pages, in Simplified Chinese and in English, and the reader's choice between them.
import { zh } from "./words-zh.js";
import { en } from "./words-en.js";

const KEY = "tingji.language";
const WORDS = { zh, en };
let chosen = localStorage.getItem(KEY) === "en" ? "en" : "zh";
document.documentElement.lang = chosen === "zh" ? "zh-CN" : "en";

export const language = () => chosen;

export function choose(next) {
  chosen = next;
  localStorage.setItem(KEY, next);
  document.documentElement.lang = next === "zh" ? "zh-CN" : "en";
  window.dispatchEvent(new Event("language"));
}

// t("seat.channel", 3): the sentence with {0}, {1} … filled in.
export function t(key, ...facts) {
  const sentence = WORDS[chosen][key];
  if (sentence === undefined) throw new Error(`no words for ${key}`);
  return sentence.replace(/\{(\d)\}/g, (_, number) => facts[number]);
}

// A word of the court (kind, role, stage, pause reason) is Chinese in the data; English readers see a gloss.
export function court(word) {
  return chosen === "zh" ? word : (en.court[word] ?? word);
}

// A voice or microphone without a name, as it stands on the record: "未识别 2", "话筒1".
export function voice(name) {
  const [, unknown, number, microphone] = /^(未识别)(?: (\d+))?$|^话筒(\d+)$/.exec(name) ?? [];
  if (chosen === "zh" || !(unknown || microphone)) return name;
  return microphone ? t("seat.channel", microphone) : t("voice.unknown", number ?? "").trim();
}

// Whether a voice has a number only (未识别 2): its turns can be named together.
export const unnamed = (name) => / \d+$/.test(name);

// The sentence of an error object.
export const sentence = (error) => error[chosen];
