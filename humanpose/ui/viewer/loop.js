// The stretch that is played over and over; without its start or its end to that of the clip.

class Loop {
  constructor() {
    this.clear();
  }

  get on() {
    return this.from !== null || this.to !== null;
  }

  range(frames) {
    return [this.from ?? 0, this.to ?? frames - 1];
  }

  restore(text, frames) {
    [this.from, this.to] = readRange(text, frames) ?? [null, null];
  }

  get text() {
    return rangeText([this.from, this.to]);
  }

  setFrom(frame) {
    this.from = frame;
    if (this.to !== null && this.to <= frame) this.to = null;
  }

  setTo(frame) {
    this.to = frame;
    if (this.from !== null && this.from >= frame) this.from = null;
  }

  clear() {
    this.from = null;
    this.to = null;
  }
}
