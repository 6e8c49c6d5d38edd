// Below the slider: the loop, the neutral frame, and a lane for each kind of flag, at the frames that it holds for.

class Timeline {
  constructor(element, legend, onSeek) {
    this.lanes = element.querySelector(".hp-lanes");
    this.loop = element.querySelector(".hp-loop");
    this.neutral = element.querySelector(".hp-neutral");
    this.legend = legend;
    this.onSeek = onSeek;
  }

  load({ flags = [], frames, neutralFrame = null }) {
    this.frames = frames;
    this.neutral.hidden = neutralFrame === null;
    this.place(this.neutral, [neutralFrame, neutralFrame]);
    this.lanes.replaceChildren(...flags.map((flag) => this.lane(flag)));
    this.legend.replaceChildren(...flags.map((flag) => this.word(flag)));
  }

  // A stretch with its first frame included and its last.
  place(element, [from, to]) {
    element.style.left = `${(100 * from) / this.frames}%`;
    element.style.width = `${(100 * (to - from + 1)) / this.frames}%`;
  }

  showLoop(loop) {
    this.loop.hidden = !loop.on;
    if (loop.on) this.place(this.loop, loop.range(this.frames));
  }

  lane({ kind, words, spans }) {
    const lane = newElement("div", `hp-lane hp-flag-${kind}`);
    lane.title = words;
    const stretches = spans.map((span) => {
      const stretch = newElement("i", "hp-stretch");
      this.place(stretch, span);
      return stretch;
    });
    lane.append(...stretches);
    return lane;
  }

  // What a lane means and how much of the clip it is; a click leads from stretch to stretch.
  word({ kind, words, spans }) {
    const count = spans.reduce((sum, [from, to]) => sum + to - from + 1, 0);
    const button = newElement("button", `hp-flag hp-flag-${kind}`);
    button.textContent = `${words} · ${count === 1 ? say("1 frame") : say("{count} frames", { count })}`;
    button.title = say("Go to the next such stretch");
    button.onclick = () => {
      const next = spans.find(([from]) => from > this.frame) ?? spans[0];
      this.onSeek(next[0]);
    };
    return button;
  }

  draw(frame) {
    this.frame = frame;
  }
}
