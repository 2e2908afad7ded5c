// Plays stored sound: from any moment, over pauses and gaps, at any speed, one channel or all.
// Tells "moved" while it plays, "changed" when it starts, stops or fails.
import * as api from "./api.js";

export class Player extends EventTarget {
  constructor(id) {
    super();
    Object.assign(this, { id, channel: null, speed: 1, ranges: [], from: 0, to: 0, failed: false, started: false });
    this.audio = new Audio();
    this.audio.preload = "auto";
    this.audio.addEventListener("ended", () => this.next());
    this.audio.addEventListener("play", () => this.watch());
    for (const name of ["play", "pause", "error"]) this.audio.addEventListener(name, () => this.changed(name));
  }

  get playing() {
    return !this.audio.paused && !this.audio.ended;
  }

  // Where on the timeline (ms) the sound is.
  get at() {
    return this.from + this.audio.currentTime * 1000;
  }

  changed(name) {
    if (name === "error" && !this.audio.src) return;
    this.failed = name === "error";
    this.dispatchEvent(new Event("changed"));
  }

  watch() {
    cancelAnimationFrame(this.frame);
    const step = () => {
      this.dispatchEvent(new Event("moved"));
      if (this.playing) this.frame = requestAnimationFrame(step);
    };
    this.frame = requestAnimationFrame(step);
  }

  async play(at) {
    this.started = true;
    if (at >= this.from && at < this.to && !this.failed) this.audio.currentTime = (at - this.from) / 1000;
    else if (!(await this.load(at))) return;
    this.audio.playbackRate = this.speed;
    this.audio.preservesPitch = true;
    await this.audio.play().catch(() => {});
  }

  // Takes the stretch of sound that holds this moment, or the next one behind it.
  async load(at) {
    if (!this.ranges.some((range) => range.end_ms > at)) await this.refresh();
    const range = this.ranges.find((candidate) => candidate.end_ms > at);
    if (!range) return false;
    this.from = Math.max(at, range.start_ms);
    this.to = range.end_ms;
    this.audio.src = api.audioUrl(this.id, this.from, this.to, this.channel);
    return true;
  }

  async refresh() {
    try {
      this.ranges = await api.ranges(this.id);
    } catch {
      this.failed = true;
      this.dispatchEvent(new Event("changed"));
    }
  }

  // Behind the end of a stretch: over the pause, or on with what was recorded meanwhile.
  next() {
    return this.play(this.to);
  }

  toggle() {
    if (this.playing) this.audio.pause();
    else this.play(this.at);
  }

  async jump(ms) {
    const at = Math.max(0, this.at + ms);
    if (this.playing) return this.play(at);
    if (at >= this.from && at < this.to) this.audio.currentTime = (at - this.from) / 1000;
    else await this.load(at);
    this.dispatchEvent(new Event("moved"));
  }

  hurry(speed) {
    this.speed = speed;
    this.audio.playbackRate = speed;
    this.dispatchEvent(new Event("changed"));
  }

  async choose(channel) {
    const { at, playing } = this;
    this.channel = channel;
    if (this.started && (await this.load(at)) && playing) await this.play(at);
    this.dispatchEvent(new Event("changed"));
  }
}
