// Plays frames by the clock where there is no video; stands in for the video's pane.

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
  }

  play(speed, onFrame) {
    this.pause(); // a change of speed starts anew
    const from = this.frame;
    const begin = performance.now();
    const tick = () => {
      const elapsed = (performance.now() - begin) / 1000;
      this.frame = this.motion.clamp(from + elapsed * speed * this.motion.playFps);
      onFrame(this.frame);
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
