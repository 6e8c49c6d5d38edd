// The skeleton where the browser has no WebGL: the same scene drawn flat on a canvas, seen from the
// same places, turned by dragging; SkeletonPane's other self.

const FLAT_MARGIN = 0.9; // share of the card that the scene fills
const FULL_TURN_PX = 400; // of dragging
const STEEPEST = 1.55; // rad, just short of straight down

class FlatSkeleton {
  constructor(element, onTurned) {
    this.element = element;
    this.canvas = newElement("canvas", "hp-flat");
    const word = newElement("p", "hp-hint hp-flat-word");
    word.textContent = say("Drawn flat: no WebGL here");
    element.append(this.canvas, word);
    element.onpointerdown = (event) => element.setPointerCapture(event.pointerId);
    element.onpointermove = (event) => {
      if (!event.buttons) return;
      onTurned();
      this.turn -= (2 * Math.PI * event.movementX) / FULL_TURN_PX;
      this.tilt += (2 * Math.PI * event.movementY) / FULL_TURN_PX;
      this.tilt = Math.max(-STEEPEST, Math.min(STEEPEST, this.tilt));
      this.draw(this.frame);
    };
  }

  async load(_Plotly, motion, frame, { theme, showOther, view, markers, augmented, body }) {
    Object.assign(this, { motion, frame, theme, showOther, markers, augmented, body });
    if (this.turn === undefined) this.look(view, frame);
  }

  look(view, frame) {
    const [x, y, z] = viewDirection(view, this.motion, frame);
    this.turn = Math.atan2(x, -y);
    this.tilt = Math.asin(Math.min(1, z / Math.hypot(x, y, z)));
    this.draw(frame);
  }

  setOther(showOther) {
    this.showOther = showOther;
    this.draw(this.frame);
  }

  setMarkers(markers) {
    this.markers = markers;
  }

  setBody(body) {
    this.body = body;
  }

  setAugmented(augmented) {
    this.augmented = augmented;
  }

  draw(frame) {
    this.frame = frame;
    const { motion, theme } = this;
    const context = emptied(this.canvas);
    const floor = floorTrace(motion.bounds, theme);
    this.drawPath(context, floor, () => theme.floor, 1);
    if (motion.other && this.showOther) {
      this.drawPath(context, motion.bonePath(frame, motion.other), () => this.otherColor(), 2);
    }
    const color = (index) => {
      const bone = motion.markerBones[index];
      return this.color(bone, motion.isSure(frame, bone));
    };
    if (this.body) this.drawBody(context, frame);
    else this.drawPath(context, motion.bonePath(frame), color, 4, this.markers);
    if (motion.augmentedMarkers && this.augmented) this.drawDots(context, motion.extraPath(frame));
  }

  color(bone, sure) {
    return (sure ? this.theme.side : this.theme.faint)[bone.side];
  }

  otherColor() {
    return this.theme.ghost;
  }

  // Lines between pairs of points, three places a line: from, to, nothing.
  drawPath(context, { x, y, z }, color, width, dots) {
    context.lineWidth = width;
    context.lineCap = "round";
    for (let start = 0; start < x.length; start += 3) {
      if (x[start] === null || x[start + 1] === null) continue;
      const from = this.place(x[start], y[start], z[start]);
      const to = this.place(x[start + 1], y[start + 1], z[start + 1]);
      context.strokeStyle = context.fillStyle = color(start / 3);
      context.beginPath();
      context.moveTo(...from);
      context.lineTo(...to);
      context.stroke();
      if (dots) [from, to].forEach((point) => flatDot(context, point, 4));
    }
  }

  // Each limb as a line as thick as it is.
  drawBody(context, frame) {
    const { motion } = this;
    for (const { side, thick, ...ends } of SOLIDS) {
      const bone = motion.bone(ends);
      const path = motion.bonePath(frame, motion.own, [bone]);
      const [x, y, z] = [path.x, path.y, path.z].map(([from, to]) => to - from);
      const width = (thick[0] + thick[1]) * Math.hypot(x, y, z) * this.scale();
      this.drawPath(context, path, () => this.color({ side }, motion.isSure(frame, bone)), width);
    }
  }

  drawDots(context, { x, y, z }) {
    context.fillStyle = this.theme.text;
    x.forEach((_, i) => x[i] !== null && flatDot(context, this.place(x[i], y[i], z[i]), 2));
  }

  // Metres → CSS pixels, all lines of sight parallel.
  place(x, y, z) {
    const { clientWidth, clientHeight } = this.canvas;
    const [dx, dy, dz] = this.motion.bounds.map(([low, high], axis) => {
      return [x, y, z][axis] - (low + high) / 2;
    });
    const scale = this.scale();
    const right = dx * Math.cos(this.turn) + dy * Math.sin(this.turn);
    const away = dy * Math.cos(this.turn) - dx * Math.sin(this.turn);
    const up = dz * Math.cos(this.tilt) + away * Math.sin(this.tilt);
    return [clientWidth / 2 + scale * right, clientHeight / 2 - scale * up];
  }

  // CSS pixels of a metre.
  scale() {
    const { clientWidth, clientHeight } = this.canvas;
    const extent = this.motion.bounds.map(([low, high]) => high - low);
    return FLAT_MARGIN * Math.min(
      clientWidth / Math.hypot(extent[0], extent[1]),
      clientHeight / Math.hypot(extent[2] * Math.cos(this.tilt), extent[1] * Math.sin(this.tilt)),
    );
  }

  resize() {}

  destroy() {}
}

class FlatPair extends FlatSkeleton {
  color(_bone, sure) {
    return (sure ? this.theme.pair : this.theme.pairFaint).A;
  }

  otherColor() {
    return this.theme.pair.B;
  }
}

function flatDot(context, [x, y], radius) {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fill();
}
