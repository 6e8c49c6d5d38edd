// The frames that the curves show: all of them, or a part that follows the cursor.

const LEAST_FRAMES = 12;

class TimeWindow {
  load(frames) {
    if (frames === this.frames) return;
    this.frames = frames;
    this.reset();
  }

  get last() {
    return Math.max(1, this.frames - 1);
  }

  get span() {
    return this.to - this.from;
  }

  restore(text) {
    const [from, to] = readRange(text, this.frames) ?? [];
    if (Number.isFinite(from) && Number.isFinite(to)) this.show(from, to - from);
  }

  // "" for the whole clip.
  get text() {
    const whole = this.span >= this.last;
    return whole ? "" : rangeText([Math.round(this.from), Math.round(this.to)]);
  }

  reset() {
    this.show(0, this.last);
  }

  // A factor below one shows less; the frame `about` stays where it is.
  zoom(factor, about) {
    const span = Math.min(this.last, Math.max(LEAST_FRAMES, this.span * factor));
    const share = (about - this.from) / this.span;
    this.show(about - share * span, span);
  }

  move(frames) {
    this.show(this.from + frames, this.span);
  }

  // Turns the page when the cursor leaves it; says whether it did.
  follow(frame) {
    if (frame >= this.from && frame <= this.to) return false;
    this.show(frame - 0.1 * this.span, this.span);
    return true;
  }

  show(from, span) {
    this.from = Math.max(0, Math.min(this.last - span, from));
    this.to = this.from + span;
  }
}
