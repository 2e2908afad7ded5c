// Which chunks of a long record are drawn: first those in sight, then a few more a frame, until all are. So a
// hearing of any length opens at once, and what is drawn once is drawn again only where it changed.
const NEAR = 2;
const STEP = 5;

export class Drawn {
  constructor() {
    Object.assign(this, { first: 0, end: 0, count: 0 });
  }

  // Before a drawing of `count` chunks: the interval grows on both sides. It begins at the tail, or at the top.
  grow(count, atTail) {
    const begun = this.end > 0;
    this.count = count;
    this.first = begun ? Math.max(0, this.first - STEP) : atTail ? Math.max(0, count - NEAR) : 0;
    this.end = begun ? Math.min(count, this.end + STEP) : atTail ? count : Math.min(count, NEAR);
  }

  has(chunk) {
    return chunk >= this.first && chunk < this.end;
  }

  get whole() {
    return this.first === 0 && this.end >= this.count;
  }
}
