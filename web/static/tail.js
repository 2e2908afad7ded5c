// Follows the tail of a scrolling box only while the reader is at it; never moves the text under a reader.
const NEAR_PX = 60;

export class Tail {
  constructor(box, changed) {
    Object.assign(this, { box, changed, held: true });
    box.addEventListener("scroll", () => this.scrolled(), { passive: true });
    this.top = box.getBoundingClientRect().top;
    this.sizes = new ResizeObserver(() => this.resized());
    this.sizes.observe(box);
    this.sizes.observe(box.firstElementChild);
  }

  get near() {
    return this.box.scrollHeight - this.box.scrollTop - this.box.clientHeight < NEAR_PX;
  }

  scrolled() {
    // A growing text moves the end away, not the reader: only a scroll upwards lets go.
    const up = this.box.scrollTop < this.last;
    this.last = this.box.scrollTop;
    const held = this.near || (this.held && !up);
    if (held !== this.held) this.set(held);
  }

  set(held) {
    this.held = held;
    this.changed();
  }

  // A banner above the box moves its edge, but not the text under the reader's eyes; at the top the first line stays.
  resized() {
    const { top } = this.box.getBoundingClientRect();
    if (!this.held && this.box.scrollTop > 0) this.box.scrollTop += top - this.top;
    this.top = top;
    this.keep();
  }

  keep() {
    if (this.held) this.box.scrollTop = this.box.scrollHeight;
  }

  back() {
    this.set(true);
    this.keep();
  }

  release() {
    if (this.held) this.set(false);
  }
}
