// Plays frames by the clock where there is no video, or where there are two.

class Clock {
  constructor(onEnded) {
    this.onEnded = onEnded;
    this.frame = 0;
  }

  load(motion) {
    this.motion = motion;
  }

  seek(frame) {
    this.frame = frame;
    this.from = frame;
    this.begin = performance.now();
  }

  play(speed, onFrame) {
    this.pause(); // a change of speed starts anew
    this.seek(this.frame);
    const fps = this.motion.playFps || this.motion.fps; // a cycle has a pace of its own
    const tick = () => {
      const elapsed = (performance.now() - this.begin) / 1000;
      this.frame = this.motion.clamp(this.from + elapsed * speed * fps);
      onFrame(this.frame); // may seek
      if (this.frame < this.motion.frames - 1) this.next = requestAnimationFrame(tick);
      else this.onEnded();
    };
    this.next = requestAnimationFrame(tick);
  }

  pause() {
    cancelAnimationFrame(this.next);
  }

  draw() {}

  destroy() {
    this.pause();
  }
}
