// What curves are drawn from: all frames of a stretch of the clip, or of a longer one the points
// that tell its shape, which the server chooses (viewer/thin.py).

const EVERY_FRAME = 3000; // so many frames are drawn one by one
const STRETCHES = 1000; // of a longer part of the clip

// Frames to draw, of a window and half as much again on both sides, and how many are one stretch.
function drawnStretch(window) {
  if (window.text === "") return { from: 0, to: window.frames - 1 };
  const from = Math.max(0, Math.floor(window.from - window.span / 2));
  const to = Math.min(window.frames - 1, Math.ceil(window.to + window.span / 2));
  const count = to - from + 1;
  return { from, to, step: count <= EVERY_FRAME ? 1 : Math.ceil(count / STRETCHES) };
}

class AllLines {
  constructor(motion, { from, to }) {
    this.motion = motion;
    this.frames = Array.from({ length: to - from + 1 }, (_, index) => from + index);
    this.stretch = { from, to, step: 1 };
  }

  // Times and degrees of one line, null in gaps.
  line(name, column) {
    const value = this.motion.drawn(name, column);
    return {
      x: this.frames.map((frame) => this.motion.time(frame)),
      y: this.frames.map((frame) => orNull(value(frame))),
    };
  }

  // The outline of the band about an angle of an estimate.
  band(estimate, column) {
    const { motion } = this;
    const point = (frame) => {
      const value = motion.angle(frame, column, estimate);
      const half = motion.halfBand(frame, column, estimate);
      return { time: motion.time(frame), low: value - half, high: value + half };
    };
    return outline(this.frames.map(point));
  }
}

class ThinLines {
  constructor(motion, { from, to, step, lines }, arrays) {
    Object.assign(this, { motion, lines, arrays });
    this.stretch = { from, to, step };
  }

  line(name, column) {
    const [start, count] = this.lines[name][column];
    const part = (array) => Array.from(array.subarray(start, start + count));
    return {
      x: part(this.arrays.lineFrames).map((frame) => this.motion.time(frame)),
      y: part(this.arrays.lineValues).map(orNull),
    };
  }

  band(estimate, column) {
    const { motion, arrays, stretch } = this;
    const name = estimate === motion.own ? "band" : "otherBand";
    const [low, high] = [arrays[`${name}Low`], arrays[`${name}High`]];
    const points = Array.from({ length: low.length / motion.angleCount }, (_, index) => {
      const place = index * motion.angleCount + column;
      const time = motion.time(stretch.from + index * stretch.step);
      return { time, low: low[place], high: high[place] };
    });
    return outline(points);
  }
}

// A closed shape for each stretch of points that are known.
function outline(points) {
  const shape = { x: [], y: [] };
  let stretch = [];
  const close = () => {
    const back = [...stretch].reverse();
    shape.x.push(...stretch.map((p) => p.time), ...back.map((p) => p.time), null);
    shape.y.push(...stretch.map((p) => p.high), ...back.map((p) => p.low), null);
    stretch = [];
  };
  for (const point of points) {
    if (point.high >= point.low) stretch.push(point);
    else if (stretch.length) close();
  }
  if (stretch.length) close();
  return shape;
}

function orNull(number) {
  return Number.isFinite(number) ? number : null;
}

// Plotly's names: y, y2, y3, …
function axisName(prefix, row) {
  return row ? `${prefix}${row + 1}` : prefix;
}

// Each row with its number and its place below the rows before.
function stacked(rows) {
  let top = 0;
  return rows.map((row, index) => {
    const placed = { ...row, index, top };
    top += row.height;
    return placed;
  });
}
