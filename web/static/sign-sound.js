// Plays one line at a time, or a piece of it: touched again, it stops.
export class Sound {
  constructor(url, changed) {
    this.audio = new Audio();
    Object.assign(this, { url, line: null });
    for (const name of ["ended", "error"]) this.audio.addEventListener(name, () => this.stop());
    this.changed = changed;
  }

  play({ turn_id, start_ms, end_ms }) {
    if (this.line === turn_id) return this.stop();
    this.line = turn_id;
    this.audio.src = this.url({ turn_id, start_ms, end_ms });
    this.changed();
    return this.audio.play().catch(() => this.stop());
  }

  stop() {
    this.audio.pause();
    this.line = null;
    this.changed();
  }
}
