// Where the skeleton is seen from: directions from the middle of the scene to the eye, of length
// one, in the scene's axes (x right, y away from the filming camera, z up).

const VIEWS = {
  free: { label: say("Free"), title: say("From where it was filmed, a little above; drag to turn (4)") },
  front: { label: say("Front"), title: say("The person's front at this frame (1)") },
  side: { label: say("Side"), title: say("The person's right side at this frame (2)") },
  top: { label: say("Top"), title: say("From above, the filming camera below (3)") },
};
const FREE = [0.42, -0.87, 0.26];
const TOP = [0, -0.001, 1]; // straight down has no upright
const LEAST_ACROSS_M = 0.02; // a shorter line across the body tells no direction

function viewDirection(view, motion, frame) {
  if (view === "top") return TOP;
  if (view === "free") return FREE;
  const [x, y] = facing(motion, frame);
  return view === "front" ? [x, y, 0] : [y, -x, 0];
}

// Where the person faces, level: at right angles to hips and shoulders; towards the filming
// camera where nobody is there.
function facing(motion, frame) {
  const ends = motion.across.map((pair) =>
    pair.map((marker) => motion.marker(frame, marker, motion.own.markers)),
  );
  const toLeft = [0, 1].map((axis) =>
    ends.reduce((sum, [left, right]) => sum + (left[axis] ?? 0) - (right[axis] ?? 0), 0),
  );
  const length = Math.hypot(...toLeft);
  return length > LEAST_ACROSS_M ? [toLeft[1] / length, -toLeft[0] / length] : [0, -1];
}

// How wide, high and deep a box of these extents looks from a direction.
function seenExtents({ x, y, z }, [dx, dy, dz]) {
  if (Math.abs(dz) > 0.99) return { width: x, height: y, depth: z };
  const level = Math.hypot(dx, dy);
  const along = (Math.abs(dx) * x + Math.abs(dy) * y) / level;
  const across = (Math.abs(dy) * x + Math.abs(dx) * y) / level;
  return { width: across, height: z, depth: along };
}
