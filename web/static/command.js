// A command is passed on at once; its effect is what follows on the record. When nothing follows, the clerk is told.
import { isClosing } from "./closing.js";

const PATIENCE_MS = 3000;

// What is so when a command has had its effect.
const DONE = {
  start: ({ record }) => record.state !== "draft",
  pause: (page) => page.record.state !== "recording" || isClosing(page),
  resume: (page) => page.record.state !== "paused" || isClosing(page),
  close: (page) => !page.record.live || isClosing(page),
  alone: ({ record }) => record.givenUp || record.state === "sealed",
};

export class Command {
  constructor(page) {
    Object.assign(this, { page, name: null, since: 0, owed: null, belated: null });
  }

  // Sends it; a refusal stands on the page as an error.
  async give(name, send) {
    Object.assign(this, { name: null, owed: null, belated: null });
    await this.page.attempt(send);
    if (!this.page.error) this.given(name);
  }

  given(name) {
    Object.assign(this, { name, since: performance.now() });
  }

  forget() {
    this.name = null;
  }

  // Commands that the server has accepted while the recorder is away: it carries them out when it is back.
  get kept() {
    const { status } = this.page;
    const kept = status?.recorder_connected === false ? status.waiting ?? [] : [];
    this.owed = kept.at(-1) ?? this.owed;
    return kept;
  }

  // The kept command that has had its effect since, or null: the clerk is told that it came late.
  get after() {
    const { owed, page } = this;
    if (owed && !(page.status?.waiting ?? []).includes(owed) && DONE[owed](page)) Object.assign(this, { owed: null, belated: owed });
    return this.belated;
  }

  // The command that has had no effect for 3 s, or null.
  get late() {
    if (this.name && DONE[this.name](this.page)) this.forget();
    return this.name && performance.now() - this.since > PATIENCE_MS ? this.name : null;
  }
}
