// Curves of what is chosen, one row each, left and right in one row.

const ROW_PX = 122;
const HEAD_PX = 26; // of each row, for its title and the values at the cursor
const GAP_PX = 10;
const AXIS_PX = 30; // time labels, below the last row
const LEFT_PX = 48;
const RIGHT_PX = 16;
const REFINED_AFTER_MS = 200;
const ZOOM_STEP = 1.5;

class CurvesPane {
  constructor(element, { go: onSeek, windowMoved }) {
    this.plot = element.querySelector(".hp-plot");
    this.heads = element.querySelector(".hp-heads");
    this.cursor = element.querySelector(".hp-cursor");
    this.element = element;
    this.chips = [];
    this.onWindow = windowMoved;
    const seek = (event) => event.buttons === 1 && onSeek(this.frameAt(event.clientX));
    element.onpointerdown = (event) => {
      element.setPointerCapture(event.pointerId);
      seek(event);
    };
    element.onpointermove = seek;
    element.ondblclick = () => this.showAll();
    element.addEventListener("wheel", (event) => this.turnWheel(event), { passive: false });
    this.window = new TimeWindow();
    this.zoomed = new Map(); // a row's values, where they were zoomed
  }

  // Ctrl or a pinch zooms time about the pointer, Alt the values of a row, Shift moves; a plain
  // turn scrolls the page.
  turnWheel(event) {
    if (!event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey) return;
    event.preventDefault();
    const turn = event.deltaY || event.deltaX;
    if (event.altKey) return this.zoomValues(1.0015 ** turn, event.clientY);
    if (event.shiftKey) this.window.move((Math.sign(turn) * this.window.span) / 10);
    else this.window.zoom(1.0015 ** turn, this.frameAt(event.clientX));
    this.showWindow();
  }

  zoom(factor, about) {
    this.window.zoom(factor, about);
    this.showWindow();
  }

  zoomValues(factor, clientY) {
    const y = clientY - this.element.getBoundingClientRect().top;
    const row = this.stack.find(({ top, height }) => y >= top && y < top + height);
    const share = row && (row.top + row.height - GAP_PX - y) / (row.height - HEAD_PX - GAP_PX);
    if (row) this.zoomRow(row, factor, share);
  }

  zoomRow(row, factor, share = 0.5) {
    const [low, high] = this.shownRange(row);
    const about = low + Math.max(0, Math.min(1, share)) * (high - low);
    const range = [low, high].map((end) => about + factor * (end - about));
    this.zoomed.set(rowKey(row), range);
    this.Plotly.relayout(this.plot, { [`${axisName("yaxis", row.index)}.range`]: range });
  }

  async showAll() {
    this.window.reset();
    if (this.zoomed.size && this.loaded) {
      this.zoomed.clear();
      await this.load(...this.loaded);
    }
    this.showWindow();
  }

  // All rows have one time axis; what is drawn of a part of the clip, or thinned, is drawn anew
  // once the window rests.
  showWindow() {
    if (this.element.hidden || !this.lines) return;
    this.Plotly.relayout(this.plot, { "xaxis.range": this.timeRange() });
    this.onWindow();
    clearTimeout(this.timer);
    if (this.motion.restUrl) {
      this.timer = setTimeout(async () => {
        await this.load(...this.loaded);
        this.onWindow();
      }, REFINED_AFTER_MS);
    }
  }

  timeRange() {
    return [this.motion.time(this.window.from), this.motion.time(this.window.to)];
  }

  async load(Plotly, motion, movements, look) {
    const { theme, showOther } = look;
    clearTimeout(this.timer);
    this.loaded = [Plotly, motion, movements, look];
    this.window.load(motion.frames);
    const stretch = drawnStretch(this.window);
    const kinds = [...new Set(movements.map(({ kind }) => kind))];
    const sources = await Promise.all(kinds.map((kind) => motion.of(kind)));
    const lines = await Promise.all(sources.map((source) => source.lines(stretch)));
    if (this.loaded[1] !== motion || this.loaded[2] !== movements) return; // another came
    this.lines = new Map(kinds.map((kind, place) => [kind, lines[place]]));
    this.Plotly = Plotly;
    this.motion = motion;
    this.showOther = Boolean(showOther && motion.other);
    this.chips = [];
    this.element.hidden = movements.length === 0;
    if (this.element.hidden) return;
    const rows = stacked(this.rows(movements));
    this.stack = rows;
    const height = rows.at(-1).top + rows.at(-1).height + AXIS_PX;
    this.element.style.height = `${height}px`;
    const traces = rows.flatMap((row) => this.traces(row, theme));
    const layout = this.layout(rows, height, theme);
    await Plotly.newPlot(this.plot, traces, layout, { staticPlot: true });
    this.writeHeads(rows, theme);
  }

  draw(frame) {
    if (this.window.follow(frame)) this.showWindow();
    this.cursor.style.transform = `translateX(${this.xAt(frame)}px)`;
    const isKnown = this.motion.has(frame);
    for (const { chip, read } of this.chips) chip.textContent = isKnown ? read(frame) : "…";
  }

  rows(movements) {
    return movements.map((movement) => ({ ...movement, height: ROW_PX }));
  }

  // The motion, or what has other values in the place of its angles.
  source({ kind }) {
    return this.lines.get(kind).motion;
  }

  // The values at the cursor, in the head of a row.
  readings(row, theme) {
    const source = this.source(row);
    return row.curves.map((curve) => ({
      color: theme.side[curve.side],
      read: (frame) => {
        const half = source.halfBand(frame, curve.column);
        const range = Number.isFinite(half) ? ` ± ${fixed(half, 0)}°` : "";
        const value = written(source.angle(frame, curve.column), source.unit);
        return (SIDES[curve.side] && `${SIDES[curve.side]} `) + value + range;
      },
    }));
  }

  traces(row, theme) {
    const source = this.source(row);
    return row.curves.flatMap(({ column, side }) => {
      const color = theme.side[side];
      const thin = { color, width: 1.5, dash: "1px,3px" };
      return [
        ...(source.band ? [this.bandTrace(row, column, color, source.own)] : []),
        ...(this.showOther && source.other ? [this.line(row, column, "raw", thin)] : []),
        ...this.estimateTraces(row, column, { color }),
      ];
    });
  }

  // An estimate of an angle: where it is inferred faint, where it is measured solid.
  estimateTraces(row, column, style, [inferred, measured] = ["inferred", "measured"]) {
    return [
      this.line(row, column, inferred, { ...style, opacity: 0.35 }),
      this.line(row, column, measured, style),
    ];
  }

  line(row, column, curve, { color, name = curve, width = 2, opacity = 1, dash = "solid" }) {
    return {
      name,
      ...this.lines.get(row.kind).line(curve, column),
      yaxis: axisName("y", row.index),
      mode: "lines",
      line: { width, color, dash },
      opacity,
    };
  }

  bandTrace(row, column, color, estimate) {
    return {
      name: "band",
      ...this.lines.get(row.kind).band(estimate, column),
      yaxis: axisName("y", row.index),
      mode: "lines",
      line: { width: 0 },
      fill: "toself",
      fillcolor: `${color}26`, // 15 %
    };
  }

  layout(rows, height, theme) {
    const last = rows.length - 1;
    const layout = {
      height,
      margin: { l: LEFT_PX, r: RIGHT_PX, t: 0, b: AXIS_PX },
      showlegend: false,
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
      font: { color: theme.text, size: 12, family: theme.font },
      xaxis: {
        anchor: axisName("y", last),
        range: this.timeRange(),
        gridcolor: theme.grid,
        zeroline: false,
        ticksuffix: this.motion.inPercent ? " %" : " s",
      },
    };
    for (const row of rows) {
      layout[axisName("yaxis", row.index)] = this.valueAxis(row, height - AXIS_PX, theme);
    }
    return layout;
  }

  valueAxis(row, height, theme) {
    const share = (px) => 1 - px / height;
    return {
      domain: [share(row.top + row.height - GAP_PX), share(row.top + HEAD_PX)],
      range: this.shownRange(row),
      gridcolor: theme.grid,
      zerolinecolor: theme.grid,
      zerolinewidth: 2,
      nticks: 4,
      ticksuffix: this.source(row).unit.sign,
    };
  }

  shownRange(row) {
    return this.zoomed.get(rowKey(row)) ?? this.valueRange(row);
  }

  valueRange(row) {
    const names = ["measured", "inferred", "raw", "otherMeasured", "otherInferred"];
    const source = this.source(row);
    const values = row.curves.flatMap(({ column }) => source.extremes(names, column));
    const [low, high] = [Math.min(...values), Math.max(...values)];
    const margin = Math.max(0.06 * (high - low), (source.unit.leastSpan - (high - low)) / 2);
    return [low - margin, high + margin];
  }

  writeHeads(rows, theme) {
    this.heads.replaceChildren(
      ...rows.map((row) => {
        const head = newElement("div", "hp-head", { top: `${row.top}px` });
        const title = newElement("span", "hp-title");
        title.textContent = row.title;
        title.title = row.curves.map(({ hint }) => hint).join("\n");
        head.append(title, ...this.buttons(row, theme));
        for (const { color, read } of this.readings(row, theme)) {
          const chip = newElement("span", "hp-chip", { color });
          head.append(chip);
          this.chips.push({ chip, read });
        }
        return head;
      }),
    );
  }

  buttons(row, theme) {
    const buttons = {
      "−": [say("Less detail of these values"), () => this.zoomRow(row, ZOOM_STEP)],
      "+": [say("More detail of these values"), () => this.zoomRow(row, 1 / ZOOM_STEP)],
      PNG: [say("Save this picture"), () => saveCurvePicture(this, row, theme)],
      CSV: [say("Save every frame of these curves"), () => saveCurveTable(this.source(row), row)],
    };
    return Object.entries(buttons).map(([word, [title, onclick]]) => {
      const button = Object.assign(newElement("button", "hp-save"), { title, onclick });
      button.textContent = word;
      button.onpointerdown = (event) => event.stopPropagation(); // no seeking
      return button;
    });
  }

  plotWidth() {
    return this.element.clientWidth - LEFT_PX - RIGHT_PX;
  }

  xAt(frame) {
    return LEFT_PX + ((frame - this.window.from) / this.window.span) * this.plotWidth();
  }

  frameAt(clientX) {
    const x = clientX - this.element.getBoundingClientRect().left - LEFT_PX;
    return this.window.from + (x / this.plotWidth()) * this.window.span;
  }

  resize() {
    if (this.element.hidden || !this.plot.isConnected) return; // Plotly refuses those
    return this.Plotly.Plots.resize(this.plot);
  }

  destroy() {
    clearTimeout(this.timer);
    this.Plotly?.purge(this.plot);
  }
}

function rowKey({ title, curves }) {
  return `${title} ${curves[0].column}`;
}
