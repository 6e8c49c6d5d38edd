// Buttons, slider and speed: the visible way through the frames.

class Transport {
  constructor(element, actions) {
    this.slider = element.querySelector("input[type=range]");
    this.speed = element.querySelector("select");
    this.readout = element.querySelector(".hp-readout");
    this.playButton = element.querySelector("[data-action=toggle]");
    this.fromButton = element.querySelector("[data-action=loopFrom]");
    this.toButton = element.querySelector("[data-action=loopTo]");
    this.changing = element.querySelectorAll("[data-action=neutral], [data-action=mark]");
    this.saveButton = element.querySelector("[data-action=saveFrame]");
    this.offButton = element.querySelector("[data-action=loopOff]");
    this.slider.oninput = () => actions.go(Number(this.slider.value));
    this.speed.onchange = () => actions.changeSpeed();
    for (const button of element.querySelectorAll("button")) {
      button.onclick = () => actions[button.dataset.action]();
    }
  }

  load(motion) {
    this.motion = motion;
    this.slider.max = motion.frames - 1;
    for (const button of this.changing) button.hidden = !motion.mayChange;
    this.saveButton.hidden = !motion.floor;
  }

  draw(frame) {
    this.slider.value = frame;
    this.readout.textContent = this.motion.place(frame);
  }

  showLoop({ from, to, on }) {
    this.fromButton.setAttribute("aria-pressed", from !== null);
    this.toButton.setAttribute("aria-pressed", to !== null);
    this.offButton.hidden = !on;
  }

  // The next slower (-1) or faster (1) speed, if there is one.
  changeSpeed(step) {
    const next = this.speed.selectedIndex + step;
    if (next in this.speed.options) this.speed.selectedIndex = next;
  }

  showPlaying(playing) {
    this.playButton.classList.toggle("hp-playing", playing);
    this.playButton.setAttribute("aria-label", playing ? say("Pause") : say("Play"));
  }
}
