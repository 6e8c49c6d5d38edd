// A against B: for each angle a row with both curves, and below it their difference.

const APART_PX = 92; // height of a row of differences

class PairCurves extends CurvesPane {
  rows(movements) {
    return movements.flatMap(({ curves, kind }) =>
      curves.flatMap((curve) => {
        const both = { title: curve.label, kind, curves: [curve], height: ROW_PX };
        const apart = { title: say("Difference, B − A"), kind, curves: [curve], height: APART_PX, apart: true };
        return this.showOther ? [both, apart] : [both];
      }),
    );
  }

  readings(row, theme) {
    const { motion } = this;
    const [{ column }] = row.curves;
    const plus = (value) => (value > 0 ? "+" : "") + degrees(value);
    if (row.apart) {
      return [{ color: theme.text, read: (frame) => plus(motion.difference(frame, column)) }];
    }
    const reading = (name, estimate) => ({
      color: theme.pair[name],
      read: (frame) =>
        `${name} ${motion.outside(frame, name) ?? degrees(motion.angle(frame, column, estimate))}`,
    });
    return [reading("A", motion.own), ...(this.showOther ? [reading("B", motion.other)] : [])];
  }

  traces(row, theme) {
    const [{ column }] = row.curves;
    if (row.apart) {
      return [this.line(row, column, "difference", { color: theme.text, width: 1.5 })];
    }
    const { own, other } = this.motion;
    const [a, b] = [{ name: "A", color: theme.pair.A }, { name: "B", color: theme.pair.B }];
    const lines = [...this.bands(row, column, a, own), ...this.estimateTraces(row, column, a)];
    if (!this.showOther) return lines;
    const names = ["otherInferred", "otherMeasured"];
    return [
      ...lines,
      ...this.bands(row, column, b, other),
      ...this.estimateTraces(row, column, { ...b, dash: "6px,3px" }, names),
    ];
  }

  bands(row, column, { color }, estimate) {
    return estimate.band ? [this.bandTrace(row, column, color, estimate)] : [];
  }

  layout(rows, height, theme) {
    const limit = this.motion.toleranceDeg;
    const shapes = rows
      .filter((row) => row.apart)
      .map((row) => ({
        type: "rect",
        layer: "below",
        xref: "paper",
        x0: 0,
        x1: 1,
        yref: axisName("y", row.index),
        y0: -limit,
        y1: limit,
        line: { width: 0 },
        fillcolor: theme.tolerance,
      }));
    return { ...super.layout(rows, height, theme), shapes };
  }

  valueRange(row) {
    if (!row.apart) return super.valueRange(row);
    const [{ column }] = row.curves;
    const limit = 1.4 * this.motion.toleranceDeg;
    const values = [...this.motion.extremes(["difference"], column), -limit, limit];
    const [low, high] = [Math.min(...values), Math.max(...values)];
    const margin = 0.06 * (high - low);
    return [low - margin, high + margin];
  }
}
