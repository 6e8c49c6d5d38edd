// The clips of two takes under one clock, each where its own take is at a frame of the pair.

const MOST_DRIFT_S = 0.08;
const SLOWEST = 0.0625; // what browsers play
const FASTEST = 16;

class TakeVideos {
  constructor(element, onEnded, redraw) {
    const other = element.cloneNode(true);
    element.after(other);
    this.clock = new Clock(onEnded);
    this.panes = [element, other].map((place, index) => {
      const name = newElement("span", `hp-name hp-name-${"ab"[index]}`);
      name.textContent = "AB"[index];
      place.append(name);
      place.classList.add(`hp-video-${"ab"[index]}`);
      place.querySelector("video").setAttribute("aria-label", say("The clip of {name}", { name: "AB"[index] }));
      return new VideoPane(place, () => {}, redraw);
    });
  }

  load(motion) {
    this.clock.load(motion);
    const arrays = [
      { keypoints: motion.keypoints, visibility: motion.visibility },
      { keypoints: motion.otherKeypoints, visibility: motion.otherVisibility },
    ];
    this.clips = motion.takes.map((take, index) =>
      Object.assign(Object.create(motion), take, arrays[index]),
    );
    this.each((pane, clip) => {
      pane.load(clip);
      pane.video.classList.toggle("hp-mirrored", clip.mirrored);
    });
  }

  seek(frame) {
    this.clock.seek(frame);
    this.each((pane, clip) => pane.seek(pictureAt(clip, frame)));
  }

  play(speed, onFrame) {
    this.each((pane, clip) => {
      const rate = speed * clip.perFrameS * clip.playFps;
      pane.video.playbackRate = Math.min(FASTEST, Math.max(SLOWEST, rate));
    });
    this.clock.play(speed, (frame) => {
      onFrame(frame); // may seek
      this.each((pane, clip) => follow(pane, clip, this.clock.frame));
    });
  }

  pause() {
    this.clock.pause();
    this.each((pane) => pane.pause());
  }

  draw(frame, look) {
    this.each((pane, clip) => {
      pane.draw(frame, look);
      pane.canvas.parentElement.classList.toggle("hp-elsewhere", !isAt(clip, frame));
    });
  }

  destroy() {
    this.clock.destroy();
    this.each((pane) => pane.destroy());
  }

  each(change) {
    this.panes.forEach((pane, index) => change(pane, this.clips?.[index]));
  }
}

// Lets a clip run, and puts it right where it is early or late.
function follow(pane, clip, frame) {
  if (!clip.video.url) return;
  if (!isAt(clip, frame)) return pane.video.pause();
  const drift = pane.video.currentTime - secondsAt(clip, frame);
  if (Math.abs(drift) > MOST_DRIFT_S && !pane.seeking) pane.seek(pictureAt(clip, frame));
  if (pane.video.paused) pane.video.play().catch(() => {}); // paused before it began
}

// Of the clip, from its first picture on.
function secondsAt(clip, frame) {
  return clip.fromS + frame * clip.perFrameS;
}

function pictureAt(clip, frame) {
  const picture = Math.round(secondsAt(clip, frame) * clip.fps);
  return Math.max(0, Math.min(clip.pictures - 1, picture));
}

function isAt(clip, frame) {
  const picture = Math.round(secondsAt(clip, frame) * clip.fps);
  return picture >= 0 && picture < clip.pictures;
}
