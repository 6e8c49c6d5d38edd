// A against B: for each angle a row with both curves, and below it their difference.

const APART_PX = 92; // height of a row of differences

class PairCurves extends CurvesPane {
  rows(movements) {
    return movements.flatMap(({ curves }) =>
      curves.flatMap((curve) => {
        const both = { title: curve.label, curves: [curve], height: ROW_PX };
        const apart = { title: "Difference, B − A", curves: [curve], height: APART_PX, apart: true };
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
      read: (frame) => `${name} ${degrees(motion.angle(frame, column, estimate))}`,
    });
    return [reading("A", motion.own), ...(this.showOther ? [reading("B", motion.other)] : [])];
  }

  traces(row, theme) {
    const [{ column }] = row.curves;
    if (row.apart) return [this.differenceTrace(row, column, theme)];
    const { own, other } = this.motion;
    return [
      ...this.pairTraces(row, column, { name: "A", color: theme.pair.A }, own),
      ...(this.showOther
        ? this.pairTraces(row, column, { name: "B", color: theme.pair.B, dash: "6px,3px" }, other)
        : []),
    ];
  }

  pairTraces(row, column, style, estimate) {
    const lines = this.estimateTraces(row, column, style, estimate);
    return estimate.band ? [this.bandTrace(row, column, style.color, estimate), ...lines] : lines;
  }

  differenceTrace(row, column, theme) {
    const values = this.motion.overTime((frame) => this.motion.difference(frame, column));
    return this.line(row, "difference", values, { color: theme.text, width: 1.5 });
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
    const values = this.motion.overTime((frame) => this.motion.difference(frame, column));
    const [low, high] = extent([...values, -limit, limit]);
    const margin = 0.06 * (high - low);
    return [low - margin, high + margin];
  }
}
