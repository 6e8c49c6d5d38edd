// The values of the angles whose curves are shown, on the clip: each beside its joint, away from
// the middle of the body, with its side; and the time. What is inferred is faint, as its curve.

const VALUE_PX = 15; // height of a line
const BESIDE_PX = 14; // from the joint
const FAINT = 0.6;

function drawValues(context, { motion, frame, movements, points, theme, width, height }) {
  const shown = movements.filter(({ kind }) => kind === "angle");
  const labels = shown.flatMap((movement) =>
    movement.curves.flatMap((curve) => {
      const at = middleOf(curve.at.map((index) => points[index]));
      const value = motion.angle(frame, curve.column);
      if (!at || !Number.isFinite(value)) return [];
      const sure = motion.own.confidence[frame * motion.angleCount + curve.column] >= MEASURED;
      return [{ at, sure, color: theme.side[curve.side], words: valueWords(movement, curve, value, shown) }];
    }),
  );
  const middle = middleOf(points.filter(({ known }) => known))?.x;
  const isRight = ({ at }) => at.x >= middle;
  context.font = `600 ${VALUE_PX - 3}px ${theme.font}`;
  context.textBaseline = "middle";
  for (const right of [true, false]) {
    const column = labels.filter((label) => isRight(label) === right);
    drawColumn(context, column, { right, theme, width, height });
  }
  const time = { words: `${fixed(motion.time(frame), 2)} s`, color: theme.text, sure: true };
  drawValue(context, { ...time, x: 6, y: VALUE_PX }, theme);
}

// Of several angles of one joint each says which it is.
function valueWords(movement, { side }, value, movements) {
  const alone = movements.filter(({ joint }) => joint === movement.joint).length === 1;
  return [SIDES[side], alone ? "" : movement.positiveWord, degrees(value)]
    .filter(Boolean)
    .join(" ");
}

function middleOf(points) {
  if (!points.length || !points.every(({ known }) => known)) return undefined;
  const mean = (axis) => points.reduce((sum, point) => sum + point[axis], 0) / points.length;
  return { x: mean("x"), y: mean("y") };
}

// From top to bottom, none over the one before, all within the picture.
function drawColumn(context, labels, { right, theme, width, height }) {
  let lowest = -Infinity;
  for (const label of [...labels].sort((a, b) => a.at.y - b.at.y)) {
    const y = Math.min(height - VALUE_PX, Math.max(label.at.y, lowest + VALUE_PX + 2));
    lowest = y;
    const across = context.measureText(label.words).width;
    const x = right ? label.at.x + BESIDE_PX : label.at.x - BESIDE_PX - across;
    drawValue(context, { ...label, x: Math.max(4, Math.min(width - across - 4, x)), y }, theme);
  }
}

function drawValue(context, { words, x, y, color, sure }, theme) {
  const across = context.measureText(words).width;
  context.textAlign = "left";
  context.fillStyle = theme.plate;
  context.beginPath();
  context.roundRect(x - 3, y - VALUE_PX / 2, across + 6, VALUE_PX, 3);
  context.fill();
  context.globalAlpha = sure ? 1 : FAINT;
  context.fillStyle = color;
  context.fillText(words, x, y + 1);
  context.globalAlpha = 1;
}
