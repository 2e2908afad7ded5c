// Plays stored sound: from any moment, over pauses and gaps, at any speed, one channel or all.
// Tells "moved" while it plays, "changed" when it starts, stops or fails.
import * as api from "./api.js";

const TIMES = [1, 2, 4];

export class Player extends EventTarget {
  constructor(id) {
    super();
    Object.assign(this, { id, channel: null, speed: 1, ranges: [], from: 0, to: 0, failed: false, started: false, again: -1 });
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

  play(at) {
    this.again = -1;
    return this.sound(at);
  }

  // The last `ms` of what is recorded by now, once, while recording goes on; asked for again before it is over, twice
  // as much, and then four times.
  async replay(ms) {
    const step = this.again = Math.min(this.again + 1, TIMES.length - 1);
    await this.refresh();
    const end = this.ranges.at(-1)?.end_ms ?? 0;
    if (!end) return;
    this.to = 0; // what is loaded ends before this
    await this.sound(Math.max(0, end - ms * TIMES[step]));
  }

  async sound(at) {
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
    return this.again < 0 || this.ranges.some(({ start_ms }) => start_ms >= this.to) ? this.sound(this.to) : this.ended();
  }

  // A replay is over: the room is heard again, not its sound of a moment ago.
  ended() {
    this.again = -1;
    this.changed("ended");
  }

  toggle() {
    this.again = -1;
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
