// Long curves drawn with few points: the highest and the lowest of every stretch.

const MOST_POINTS = 3000; // of a curve; more than a screen can show

// Frames to draw, of a window and as much again on both sides, and how many are one stretch.
function drawnStretch(window) {
  if (window.frames <= MOST_POINTS) return { from: 0, to: window.frames - 1, step: 1 };
  const from = Math.max(0, Math.floor(window.from - window.span));
  const to = Math.min(window.frames - 1, Math.ceil(window.to + window.span));
  return { from, to, step: Math.max(1, Math.ceil((2 * (to - from)) / MOST_POINTS)) };
}

// Frames whose values show the curve: all, or of each stretch the lowest, the highest, and a gap.
function telling(values, { from, to, step }) {
  const frames = [];
  for (let start = from; start <= to; start += step) {
    const end = Math.min(to + 1, start + step);
    if (step === 1) frames.push(start);
    else frames.push(...tellingOfStretch(values, start, end));
  }
  return frames;
}

function tellingOfStretch(values, start, end) {
  let low, high, gap;
  for (let frame = start; frame < end; frame++) {
    if (values[frame] === null) gap ??= frame;
    else {
      if (low === undefined || values[frame] < values[low]) low = frame;
      if (high === undefined || values[frame] > values[high]) high = frame;
    }
  }
  const found = new Set([low, high, gap].filter((frame) => frame !== undefined));
  return [...found].sort((a, b) => a - b);
}
