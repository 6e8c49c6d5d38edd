// A body instead of lines: rounded limbs, a trunk and a head about the markers, as one mesh. It is
// a drawing: its thickness is a share of each limb's length, and no measure.

const ROUND = 6; // corners of a limb's outline
const LIMBS = ["L", "R"].flatMap((side) => [
  { from: `${side}Hip`, to: `${side}Knee`, thick: [0.2, 0.135], side },
  { from: `${side}Knee`, to: `${side}Ankle`, thick: [0.14, 0.085], side },
  { from: `${side}Heel`, to: `${side}BigToe`, thick: [0.19, 0.14], side },
  { from: `${side}Shoulder`, to: `${side}Elbow`, thick: [0.19, 0.15], side },
  { from: `${side}Elbow`, to: `${side}Wrist`, thick: [0.16, 0.11], side },
]);
const SOLIDS = [
  ...LIMBS,
  { from: "Hip", to: "Neck", thick: [0.31, 0.34], deep: 0.62, side: "M" },
  { from: "Neck", to: "Head", thick: [0.32, 0.3], side: "M" },
  { from: "Head", to: "Nose", thick: [0.95, 0.75], side: "M" },
];
const ACROSS = { from: "LShoulder", to: "RShoulder" };
// Along a limb, in radii beyond its two ends, and how thick it is there.
const RINGS = [
  { end: 0, beyond: -0.9, thick: 0.4 },
  { end: 0, beyond: -0.5, thick: 0.85 },
  { end: 0, beyond: 0, thick: 1 },
  { end: 1, beyond: 0, thick: 1 },
  { end: 1, beyond: 0.5, thick: 0.85 },
  { end: 1, beyond: 0.9, thick: 0.4 },
];
const VERTICES = RINGS.length * ROUND;
const CIRCLE = Array.from({ length: ROUND }, (_, corner) => {
  const turn = (2 * Math.PI * corner) / ROUND;
  return [Math.cos(turn), Math.sin(turn)];
});

// What never changes of the mesh of so many bodies: its triangles, by numbers of vertices.
function solidFaces(bodies) {
  const faces = { i: [], j: [], k: [] };
  const add = (...corners) => corners.forEach((vertex, place) => faces["ijk"[place]].push(vertex));
  for (let start = 0; start < bodies * SOLIDS.length * VERTICES; start += VERTICES) {
    for (let vertex = start; vertex < start + VERTICES - ROUND; vertex++) {
      const next = vertex % ROUND === ROUND - 1 ? vertex + 1 - ROUND : vertex + 1;
      add(vertex, next, vertex + ROUND);
      add(next, next + ROUND, vertex + ROUND);
    }
    const last = start + VERTICES - ROUND;
    for (let corner = 1; corner < ROUND - 1; corner++) {
      add(start, start + corner + 1, start + corner);
      add(last, last + corner, last + corner + 1);
    }
  }
  return faces;
}

// Where the vertices of all bodies are in a frame; all of a limb at one point, and so unseen, where
// it is not known, or its estimate (undefined) not shown.
function solidVertices(motion, frame, estimates) {
  const mesh = { x: [], y: [], z: [] };
  for (const estimate of estimates) {
    const ends = (bone) =>
      [bone.from, bone.to].map((marker) => motion.marker(frame, marker, estimate.markers));
    const isKnown = (points) => points.every(([x]) => x !== null);
    for (const solid of SOLIDS) {
      const limb = estimate ? ends(motion.bone(solid)) : [[null]];
      const across = estimate && solid.deep ? ends(motion.bone(ACROSS)) : [];
      if (isKnown([...limb, ...across])) addLimb(mesh, limb, solid, across);
      else for (const axis of "xyz") mesh[axis].push(...Array(VERTICES).fill(0));
    }
  }
  return mesh;
}

// A flat limb is as wide as from the one point across to the other; of a round one any direction
// does.
function addLimb(mesh, ends, { thick, deep = 1 }, [left, right]) {
  const wide = left ? left.map((part, i) => part - right[i]) : [0.37, 0.59, 0.72];
  const along = ends[1].map((part, i) => part - ends[0][i]);
  const length = Math.hypot(...along) || 1;
  const ahead = normal(crossed(along, wide));
  const across = normal(crossed(ahead, along));
  for (const { end, beyond, thick: share } of RINGS) {
    const radius = thick[end] * length;
    const middle = ends[end].map((part, i) => part + beyond * thick[end] * along[i]);
    for (const [c, s] of CIRCLE) {
      const [a, b] = [radius * share * c, radius * share * s * deep];
      mesh.x.push(middle[0] + a * across[0] + b * ahead[0]);
      mesh.y.push(middle[1] + a * across[1] + b * ahead[1]);
      mesh.z.push(middle[2] + a * across[2] + b * ahead[2]);
    }
  }
}

// One number for each vertex of a body, by the limb and whether both its ends are known.
function solidTints(motion, frame, estimate, tint) {
  return SOLIDS.flatMap((solid) =>
    Array(VERTICES).fill(tint(solid, motion.isSure(frame, motion.bone(solid), estimate))),
  );
}
