// Angle curves of the chosen joints, one row a movement, left and right in one row.

const ROW_PX = 122;
const HEAD_PX = 26; // of each row, for its title and the values at the cursor
const GAP_PX = 10;
const AXIS_PX = 30; // time labels, below the last row
const LEFT_PX = 48;
const RIGHT_PX = 16;
const SMALLEST_SPAN_DEG = 20; // so that noise is not blown up to look like a movement

class CurvesPane {
  constructor(element, onSeek) {
    this.plot = element.querySelector(".hp-plot");
    this.heads = element.querySelector(".hp-heads");
    this.cursor = element.querySelector(".hp-cursor");
    this.element = element;
    this.chips = [];
    const seek = (event) => event.buttons === 1 && onSeek(this.frameAt(event.clientX));
    element.onpointerdown = (event) => {
      element.setPointerCapture(event.pointerId);
      seek(event);
    };
    element.onpointermove = seek;
  }

  async load(Plotly, motion, movements, { theme, showRaw }) {
    this.Plotly = Plotly;
    this.motion = motion;
    this.showRaw = showRaw && motion.hasRaw;
    this.chips = [];
    this.element.hidden = movements.length === 0;
    if (this.element.hidden) return;
    const height = movements.length * ROW_PX + AXIS_PX;
    this.element.style.height = `${height}px`;
    const traces = movements.flatMap((movement, row) => this.traces(movement, row, theme));
    const layout = this.layout(movements, height, theme);
    await Plotly.newPlot(this.plot, traces, layout, { staticPlot: true });
    this.writeHeads(movements, theme);
  }

  draw(frame) {
    this.cursor.style.transform = `translateX(${this.xAt(frame)}px)`;
    for (const { chip, curve } of this.chips) {
      const value = this.motion.angle(frame, curve.column);
      const text = Number.isFinite(value) ? `${value.toFixed(1).replace("-", "−")}°` : "–";
      const half = this.motion.halfBand(frame, curve.column);
      const range = Number.isFinite(half) ? ` ± ${half.toFixed(0)}°` : "";
      chip.textContent = (curve.side === "M" ? "" : `${curve.side} `) + text + range;
    }
  }

  traces(movement, row, theme) {
    const x = Array.from({ length: this.motion.frames }, (_, frame) => this.motion.time(frame));
    const line = (curve, name, y, { width = 2, opacity = 1 } = {}) => ({
      name,
      x,
      y,
      yaxis: axisName("y", row),
      mode: "lines",
      line: { width, color: theme.side[curve.side] },
      opacity,
    });
    const inferred = (confidence) => confidence < MEASURED;
    const measured = (confidence) => confidence >= MEASURED;
    const { motion } = this;
    return movement.curves.flatMap((curve) => [
      ...(motion.band ? [this.bandTrace(curve, row, theme)] : []),
      ...(this.showRaw
        ? [line(curve, "raw", motion.rawCurve(curve.column), { width: 1, opacity: 0.8 })]
        : []),
      line(curve, "inferred", motion.curve(curve.column, inferred), { opacity: 0.35 }),
      line(curve, "measured", motion.curve(curve.column, measured)),
    ]);
  }

  bandTrace(curve, row, theme) {
    return {
      name: "band",
      ...this.motion.bandOutline(curve.column),
      yaxis: axisName("y", row),
      mode: "lines",
      line: { width: 0 },
      fill: "toself",
      fillcolor: `${theme.side[curve.side]}26`, // 15 %
    };
  }

  layout(movements, height, theme) {
    const last = movements.length - 1;
    const layout = {
      height,
      margin: { l: LEFT_PX, r: RIGHT_PX, t: 0, b: AXIS_PX },
      showlegend: false,
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
      font: { color: theme.text, size: 12, family: theme.font },
      xaxis: {
        anchor: axisName("y", last),
        range: [this.motion.time(0), this.motion.time(Math.max(1, this.motion.frames - 1))],
        gridcolor: theme.grid,
        zeroline: false,
        ticksuffix: " s",
      },
    };
    movements.forEach((movement, row) => {
      layout[axisName("yaxis", row)] = this.valueAxis(movement, row, movements.length, theme);
    });
    return layout;
  }

  valueAxis(movement, row, rows, theme) {
    const share = (px) => 1 - px / (rows * ROW_PX);
    return {
      domain: [share((row + 1) * ROW_PX - GAP_PX), share(row * ROW_PX + HEAD_PX)],
      range: this.valueRange(movement),
      gridcolor: theme.grid,
      zerolinecolor: theme.grid,
      zerolinewidth: 2,
      nticks: 4,
      ticksuffix: "°",
    };
  }

  valueRange(movement) {
    let low = Infinity;
    let high = -Infinity;
    const include = (value) => {
      if (value < low) low = value; // NaN is neither
      if (value > high) high = value;
    };
    const { motion } = this;
    for (const { column } of movement.curves) {
      for (let frame = 0; frame < motion.frames; frame++) {
        include(motion.angle(frame, column));
        if (motion.hasRaw) include(motion.angle(frame, column, motion.rawAngles));
      }
    }
    const margin = Math.max(0.06 * (high - low), (SMALLEST_SPAN_DEG - (high - low)) / 2);
    return [low - margin, high + margin];
  }

  writeHeads(movements, theme) {
    this.heads.replaceChildren(
      ...movements.map((movement, row) => {
        const head = newElement("div", "hp-head", { top: `${row * ROW_PX}px` });
        const title = newElement("span", "hp-title");
        title.textContent = movement.title;
        head.append(title);
        for (const curve of movement.curves) {
          const chip = newElement("span", "hp-chip", { color: theme.side[curve.side] });
          head.append(chip);
          this.chips.push({ chip, curve });
        }
        return head;
      }),
    );
  }

  plotWidth() {
    return this.element.clientWidth - LEFT_PX - RIGHT_PX;
  }

  xAt(frame) {
    return LEFT_PX + (frame / Math.max(1, this.motion.frames - 1)) * this.plotWidth();
  }

  frameAt(clientX) {
    const x = clientX - this.element.getBoundingClientRect().left - LEFT_PX;
    return (x / this.plotWidth()) * (this.motion.frames - 1);
  }

  resize() {
    return this.element.hidden || this.Plotly.Plots.resize(this.plot);
  }

  destroy() {
    this.Plotly?.purge(this.plot);
  }
}

// Plotly's names: y, y2, y3, …
function axisName(prefix, row) {
  return row ? `${prefix}${row + 1}` : prefix;
}
