// What curves can be of: angles, how fast they change, and where markers are. All but angles is made
// in the browser, of every frame, when it is asked for.

const UNITS = {
  angle: { sign: "°", word: "deg", digits: 1, leastSpan: 20 }, // a smaller span would blow up noise
  velocity: { sign: "°/s", word: "deg/s", digits: 0, leastSpan: 40 },
  position: { sign: " m", word: "m", digits: 3, leastSpan: 0.1 },
};
const AXES = ["X", "Y", "Z"]; // of the world: right as filmed, up, to the camera
const POLYNOMIAL = 4; // its order, as in measures/ranges.py
const MARKER_WORDS = {
  Neck: say("Neck"), Head: say("Head"), Nose: say("Nose"), MidHip: say("Middle of the hips"),
  Hip: say("Hip"), Knee: say("Knee"), Ankle: say("Ankle"), Heel: say("Heel"),
  SmallToe: say("Small toe"), BigToe: say("Big toe"),
  Shoulder: say("Shoulder"), Elbow: say("Elbow"), Wrist: say("Wrist"),
};

function written(value, { sign, digits }) {
  if (!Number.isFinite(value)) return "–";
  return fixed(value, digits).replace(/^-(0[.,]?0*)$/, "$1").replace("-", "−") + sign;
}

function degrees(value) {
  return written(value, UNITS.angle);
}

// A motion with other values in the place of its angles; no band is known for them, and no raw.
function otherQuantity(motion, kind) {
  const made = kind === "velocity" ? velocities(motion) : positions(motion);
  const { angles, angleCount } = made;
  const extremes = (_, column) => {
    const values = angles.filter((value, place) => place % angleCount === column && Number.isFinite(value));
    return values.length ? [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))] : [0, 0];
  };
  const own = { ...motion.own, ...made, band: undefined };
  const without = { other: undefined, band: undefined, restUrl: undefined };
  return Object.assign(Object.create(motion), { ...without, own, angleCount, extremes, unit: UNITS[kind] });
}

// World coordinates of all markers, m, three columns a marker; the scene's axes are x, -z, y.
function positions({ frames, markerCount, own }) {
  const angleCount = 3 * markerCount;
  const angles = new Float32Array(frames * angleCount);
  for (let start = 0; start < angles.length; start += 3) {
    const [x, away, up] = own.markers.subarray(start, start + 3);
    angles.set([x, up, -away], start);
  }
  return { angles, angleCount, confidence: Float32Array.from(angles, (_, i) => own.markerConfidence[Math.floor(i / 3)]) };
}

// deg/s by local polynomials of `slopeFrames` frames, as the report's (measures/ranges.py); nothing
// in gaps, and in stretches that are shorter.
function velocities({ frames, fps, angleCount, own, slopeFrames }) {
  const angles = new Float32Array(own.angles.length).fill(NaN);
  const weights = slopeWeights(slopeFrames);
  for (let column = 0; column < angleCount; column++) {
    const at = (frame) => own.angles[frame * angleCount + column];
    for (let from = 0, to; from < frames; from = to + 1) {
      for (to = from; to < frames && Number.isFinite(at(to)); ) to++;
      if (to - from < slopeFrames) continue;
      for (let frame = from; frame < to; frame++) {
        const first = Math.max(from, Math.min(to - slopeFrames, frame - (slopeFrames - 1) / 2));
        const slope = weights[frame - first].reduce((sum, weight, i) => sum + weight * at(first + i), 0);
        angles[frame * angleCount + column] = fps * slope;
      }
    }
  }
  return { angles, angleCount, confidence: own.confidence };
}

// Row by row: what gives of so many values the slope per frame at each of them, of the polynomial
// that fits them best (Savitzky & Golay 1964).
function slopeWeights(count) {
  const half = (count - 1) / 2;
  const places = Array.from({ length: count }, (_, i) => (i - half) / half);
  const basis = []; // orthonormal over the places
  for (let power = 0; power <= POLYNOMIAL; power++) {
    let values = places.map((t) => t ** power);
    let slopes = places.map((t) => power * t ** Math.max(0, power - 1));
    for (const known of basis) {
      const share = dotted(values, known.values);
      values = values.map((value, i) => value - share * known.values[i]);
      slopes = slopes.map((slope, i) => slope - share * known.slopes[i]);
    }
    const length = Math.hypot(...values);
    basis.push({ values: values.map((v) => v / length), slopes: slopes.map((s) => s / length) });
  }
  const weight = (at, of) => basis.reduce((sum, { slopes, values }) => sum + slopes[at] * values[of], 0);
  return places.map((_, at) => places.map((_, of) => weight(at, of) / half));
}

// All rows of curves that one can choose, each with a key of its own.
function choosable(motion, { onlyAngles }) {
  const angles = motion.movements.flatMap((movement) => {
    const angle = { ...movement, kind: "angle", key: movement.stem };
    return onlyAngles ? [angle] : [angle, velocityRow(angle)];
  });
  return onlyAngles ? angles : [...angles, ...markerRows(motion.markerNames)];
}

function velocityRow(angle) {
  const curves = angle.curves.map((curve) => ({ ...curve, english: `${curve.english}, velocity` }));
  const title = say("{angle}, velocity", { angle: angle.title });
  return { ...angle, kind: "velocity", key: `${angle.key}.velocity`, title, curves };
}

function markerRows(names) {
  const hint = say("In the world: X to the right as filmed, Y up, Z towards the camera");
  const rows = Object.entries(MARKER_WORDS).flatMap(([joint, jointWord]) =>
    AXES.map((axis) => ({ kind: "position", joint, jointWord, key: `${joint}.${axis}`, title: `${jointWord} ${axis}`, curves: [] })),
  );
  names.forEach((name, marker) => {
    const [, side = "M", rest] = /^([LR](?=[A-Z]))?(.+)$/.exec(name);
    const joint = name === "Hip" ? "MidHip" : rest;
    AXES.forEach((axis, place) => {
      const row = rows.find(({ key }) => key === `${joint}.${axis}`);
      row.curves.push({ side, column: 3 * marker + place, english: `${name} ${axis}`, hint });
    });
  });
  return rows;
}
