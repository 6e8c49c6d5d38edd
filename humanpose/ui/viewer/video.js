// The clip with the detected 2-D skeleton over it.

const OVERLAY_LETTERS = { 9: "L", 10: "R" }; // COCO's wrists
const FACE = [1, 2, 3, 4]; // COCO's eyes and ears would crowd a small head
const SURE = 0.5; // less visible keypoints are drawn faint

const UNPLAYABLE = say("The video cannot be played here. The skeleton and the curves can.");
const NOT_KEPT = say("The video was not kept. The skeleton and the curves were.");
const SIDE_BY_SIDE_PX = 700; // of the whole viewer

class VideoPane {
  constructor(element, onEnded, redraw) {
    this.clock = new Clock(onEnded); // plays where no video was kept
    this.video = element.querySelector("video");
    this.video.onended = onEnded;
    this.canvas = element.querySelector("canvas");
    this.message = element.querySelector(".hp-message");
    this.measure = new Measure(element.querySelector(".hp-measure"), element, redraw);
    this.wanted = null; // the newest frame to seek to while a seek is under way
    this.seeking = false;
    this.video.onseeked = () => {
      this.seeking = false;
      this.seekWanted();
    };
    this.video.onerror = () => this.say(UNPLAYABLE);
  }

  load(motion) {
    this.motion = motion;
    this.clock.load(motion);
    this.measure.load(motion);
    if ((this.video.getAttribute("src") || "") === motion.video.url) {
      if (!motion.video.url) this.say(NOT_KEPT);
      return;
    }
    this.message.hidden = true;
    this.seeking = false;
    this.video.src = motion.video.url;
  }

  say(words) {
    this.message.textContent = words;
    this.message.hidden = false;
  }

  // At most one seek at a time; the newest frame wins.
  seek(frame) {
    if (!this.motion.video.url) return this.clock.seek(frame);
    this.wanted = frame;
    this.seekWanted();
  }

  // Once the picture is that of the frame last asked for.
  async settled() {
    while (this.seeking) {
      await new Promise((done) => this.video.addEventListener("seeked", done, { once: true }));
    }
  }

  seekWanted() {
    if (this.seeking || this.wanted === null) return;
    this.seeking = true;
    // the middle of the frame: no rounding of time stamps can fall into a neighbour
    this.video.currentTime = (this.wanted + 0.5) / this.motion.fps;
    this.wanted = null;
  }

  play(speed, onFrame) {
    if (!this.motion.video.url) return this.clock.play(speed, onFrame);
    this.wanted = null;
    this.video.playbackRate = speed;
    this.video.cancelVideoFrameCallback(this.next); // a change of speed starts anew
    const report = (_now, picture) => {
      if (this.video.paused) return;
      if (!this.seeking) onFrame(this.motion.clamp(picture.mediaTime * this.motion.fps));
      this.next = this.video.requestVideoFrameCallback(report);
    };
    this.next = this.video.requestVideoFrameCallback(report);
    this.video.play().catch(() => {}); // paused before it began
  }

  pause() {
    this.clock.pause();
    this.video.pause();
  }

  draw(frame, look) {
    const context = emptied(this.canvas);
    const [width, height] = this.motion.video.size;
    const { clientWidth, clientHeight } = this.canvas;
    const scale = Math.min(clientWidth / width, clientHeight / height);
    const shown = { width: width * scale, height: height * scale };
    context.translate((clientWidth - shown.width) / 2, (clientHeight - shown.height) / 2);
    this.paint(context, frame, look, shown);
  }

  // The frame with what is drawn on it, as many pixels as the clip has.
  async picture(frame, look) {
    const canvas = document.createElement("canvas");
    const [width, height] = this.motion.video.size;
    canvas.width = this.video.videoWidth || width;
    canvas.height = this.video.videoHeight || height;
    const context = canvas.getContext("2d");
    if (this.video.videoWidth) context.drawImage(this.video, 0, 0);
    const { clientWidth, clientHeight } = this.canvas;
    const shown = Math.min(clientWidth / width, clientHeight / height) * width;
    context.scale(canvas.width / shown, canvas.width / shown);
    this.paint(context, frame, look, { width: shown, height: (shown * height) / width });
    return pngOf(canvas);
  }

  // Over a picture of this size, which begins at the context's origin.
  paint(context, frame, { theme, overlay, values, movements }, { width, height }) {
    const { motion } = this;
    const points = Array.from({ length: motion.keypointCount }, (_, index) => {
      const { x, y, visibility } = motion.keypoint(frame, index);
      const known = Number.isFinite(x);
      return { x: x * width, y: y * height, sure: visibility >= SURE, known };
    });
    if (overlay) this.paintSkeleton(context, points, theme);
    if (values) drawValues(context, { motion, frame, movements, points, theme, width, height });
    this.measure.draw(context, { width, height }, theme);
  }

  paintSkeleton(context, points, theme) {
    for (const bone of this.motion.keypointBones) {
      drawBone(context, points[bone.from], points[bone.to], theme.side[bone.side], theme);
    }
    points.forEach((point, index) => {
      if (FACE.includes(index)) return;
      drawDot(context, point, theme.side[this.motion.keypointSides[index]]);
    });
    for (const [index, letter] of Object.entries(OVERLAY_LETTERS)) {
      drawLetter(context, points[index], letter, theme);
    }
  }

  destroy() {
    this.pause();
    this.video.removeAttribute("src");
    this.video.load(); // lets go of the connection
  }
}

function drawBone(context, from, to, color, theme) {
  if (!from.known || !to.known) return;
  const line = new Path2D();
  line.moveTo(from.x, from.y);
  line.lineTo(to.x, to.y);
  context.globalAlpha = from.sure && to.sure ? 1 : 0.35;
  context.lineCap = "round";
  strokeWithHalo(context, line, color, theme);
  context.globalAlpha = 1;
}

function drawDot(context, point, color) {
  if (!point.known) return;
  context.globalAlpha = point.sure ? 1 : 0.35;
  context.fillStyle = color;
  context.beginPath();
  context.arc(point.x, point.y, 4, 0, 2 * Math.PI);
  context.fill();
  context.globalAlpha = 1;
}

function strokeWithHalo(context, path, color, theme) {
  context.lineWidth = 6;
  context.strokeStyle = theme.halo;
  context.stroke(path);
  context.lineWidth = 3.5;
  context.strokeStyle = color;
  context.stroke(path);
}

function drawLetter(context, point, letter, theme) {
  if (!point.known) return;
  context.font = `700 14px ${theme.font}`;
  context.textAlign = "center";
  context.textBaseline = "alphabetic";
  context.lineWidth = 4;
  context.strokeStyle = theme.halo;
  context.strokeText(letter, point.x, point.y + 22);
  context.fillStyle = theme.side[letter];
  context.fillText(letter, point.x, point.y + 22);
}

// Beside everything else where the clip is upright and there is room for both.
function placeVideo(root, { video, names }) {
  const [width, height] = video?.size ?? [1, 1];
  const isUpright = width < height;
  const isBeside = isUpright && !names && root.clientWidth > SIDE_BY_SIDE_PX;
  const place = isBeside ? root : root.querySelector(".hp-stage");
  const pane = root.querySelector(".hp-video");
  if (pane.parentElement !== place) place.prepend(pane);
  root.classList.toggle("hp-portrait", isBeside);
  root.classList.toggle("hp-wide", !isUpright);
  root.style.setProperty("--hp-aspect", width / height);
}
