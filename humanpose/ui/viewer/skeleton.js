// The 22 markers in 3-D, on a floor grid, in metres; the raw estimate as a ghost behind them.

const FLOOR_STEP_M = 0.5;
const HALF_VIEW = Math.tan(Math.PI / 8); // Plotly's camera sees 45° from top to bottom
const BODY = 1; // places among the traces; the floor is 0
const OTHER = 2;
const EXTRA = 3;

class SkeletonPane {
  constructor(element, onTurned) {
    this.element = element;
    // a plain turn of the wheel scrolls the page; a pinch arrives here with Ctrl
    const passOn = (event) => event.ctrlKey || event.metaKey || event.stopPropagation();
    element.addEventListener("wheel", passOn, { capture: true });
    const turned = (event) => event.buttons && onTurned();
    element.addEventListener("pointermove", turned, { capture: true });
  }

  async load(Plotly, motion, frame, { theme, showOther, view, markers, augmented, body }) {
    Object.assign(this, { Plotly, motion, theme, showOther, augmented, body });
    this.mode = pathMode(markers);
    this.drawnColors = undefined;
    const camera = this.element.layout?.scene?.camera ?? this.camera(view, frame);
    const other = motion.other ? this.otherTrace(frame) : { type: "scatter3d", visible: false };
    const traces = [floorTrace(motion.bounds, theme), this.bodyTrace(frame), other];
    traces.push(...this.moreTraces(frame));
    this.solid = traces.push(this.solidTrace(frame)) - 1;
    await Plotly.newPlot(this.element, traces, this.layout(camera), {
      displayModeBar: false,
      scrollZoom: true,
      plotGlPixelRatio: pixelRatio(),
    });
  }

  draw(frame) {
    const paths = this.paths(frame);
    const update = {};
    for (const axis of ["x", "y", "z"]) {
      update[axis] = Object.values(paths).map((path) => path[axis]);
    }
    const traces = Object.keys(paths).map(Number);
    const colors = this.newColors(frame, traces);
    return this.Plotly.restyle(this.element, { ...update, ...colors }, traces);
  }

  // What moves: place among the traces → its points in a frame; the body comes first.
  paths(frame) {
    const { motion } = this;
    const paths = this.body
      ? { [this.solid]: solidVertices(motion, frame, this.solidEstimates()) }
      : { [BODY]: motion.bonePath(frame) };
    if (this.showsOtherLines()) paths[OTHER] = motion.bonePath(frame, motion.other);
    if (motion.augmentedMarkers && this.augmented) paths[EXTRA] = motion.extraPath(frame);
    return paths;
  }

  // What a scene has beside the two estimates.
  moreTraces(frame) {
    return this.motion.augmentedMarkers ? [this.extraTrace(frame)] : [];
  }

  // What a change of who is seen asks for; nothing while the same bones are sure.
  newColors(frame, traces) {
    const kinds = {
      [BODY]: () => this.colors(frame),
      [OTHER]: () => this.otherColors(frame),
      [EXTRA]: () => this.theme.text,
      [this.solid]: () => this.tints(frame),
    };
    const colors = traces.map((trace) => kinds[trace]());
    if (colors.join() === this.drawnColors) return {};
    this.drawnColors = colors.join();
    const isSolid = (trace) => trace === this.solid;
    const ofLines = colors.map((color, place) => (isSolid(traces[place]) ? undefined : color));
    const intensity = colors.map((color, place) => (isSolid(traces[place]) ? color : undefined));
    return { "line.color": ofLines, "marker.color": ofLines, intensity };
  }

  // One for each vertex of the path: that of its side, faint where a bone is guessed.
  colors(frame) {
    const { side, faint } = this.theme;
    return this.motion.markerBones.flatMap((bone) =>
      Array(3).fill((this.motion.isSure(frame, bone) ? side : faint)[bone.side]),
    );
  }

  otherColors() {
    return this.theme.ghost;
  }

  setOther(showOther) {
    this.showOther = showOther;
    this.Plotly.restyle(this.element, { visible: this.showsOtherLines() }, [OTHER]);
  }

  showsOtherLines() {
    return Boolean(this.motion.other && this.showOther);
  }

  setMarkers(markers) {
    this.mode = pathMode(markers);
    this.Plotly.restyle(this.element, { mode: this.mode }, this.markedTraces());
  }

  setAugmented(augmented) {
    this.augmented = augmented;
    this.Plotly.restyle(this.element, { visible: augmented }, [EXTRA]);
  }

  // Lines, or a body in their place.
  setBody(body) {
    this.body = body;
    this.drawnColors = undefined;
    const visible = [!body, this.showsOtherLines(), body];
    return this.Plotly.restyle(this.element, { visible }, [BODY, OTHER, this.solid]);
  }

  solidTrace(frame) {
    const estimates = this.solidEstimates();
    const palette = this.palette();
    return {
      type: "mesh3d",
      name: "body",
      visible: this.body,
      ...solidFaces(estimates.length),
      ...solidVertices(this.motion, frame, estimates),
      intensity: this.tints(frame),
      colorscale: palette.map((color, place) => [place / (palette.length - 1), color]),
      cmin: 0,
      cmax: palette.length - 1,
      showscale: false,
      lighting: { ambient: 0.65, diffuse: 0.6, specular: 0.05, roughness: 0.9, fresnel: 0 },
      hoverinfo: "skip",
    };
  }

  solidEstimates() {
    return [this.motion.own];
  }

  // What a body is painted with: of its sides, and of the same where they are guessed.
  palette() {
    const { side, faint } = this.theme;
    return [side, faint].flatMap(({ L, R, M }) => [L, R, M]);
  }

  // For each vertex its place in the palette.
  tints(frame) {
    const { motion } = this;
    return solidTints(motion, frame, motion.own, ({ side }, sure) => "LRM".indexOf(side) + (sure ? 0 : 3));
  }

  markedTraces() {
    return [BODY];
  }

  look(view, frame) {
    return this.Plotly.relayout(this.element, { "scene.camera": this.camera(view, frame) });
  }

  bodyTrace(frame) {
    return {
      type: "scatter3d",
      mode: this.mode,
      visible: !this.body,
      line: { width: 7, color: this.colors(frame) },
      marker: { size: 3.5, color: this.colors(frame) },
      hoverinfo: "skip",
      ...this.motion.bonePath(frame),
    };
  }

  otherTrace(frame) {
    return {
      type: "scatter3d",
      name: "raw",
      mode: "lines",
      visible: this.showsOtherLines(),
      line: { width: 3, color: this.otherColors(frame) },
      hoverinfo: "skip",
      ...this.motion.bonePath(frame, this.motion.other),
    };
  }

  extraTrace(frame) {
    return {
      type: "scatter3d",
      name: "augmented",
      mode: "markers",
      visible: this.augmented,
      marker: { size: 2, color: this.theme.text },
      hoverinfo: "skip",
      ...this.motion.extraPath(frame),
    };
  }

  layout(camera) {
    const [x, y, z] = this.motion.bounds;
    const axis = (range) => ({ visible: false, range, autorange: false });
    return {
      paper_bgcolor: "rgba(0,0,0,0)",
      margin: { l: 0, r: 0, t: 0, b: 0 },
      showlegend: false,
      scene: {
        dragmode: "turntable",
        aspectmode: "manual",
        aspectratio: this.extents(),
        camera,
        xaxis: axis(x),
        yaxis: axis(y),
        zaxis: axis(z),
      },
    };
  }

  // Size of the scene in units of its height: a metre is a metre along every axis.
  extents() {
    const [dx, dy, dz] = this.motion.bounds.map(([low, high]) => high - low);
    return { x: dx / dz, y: dy / dz, z: 1 };
  }

  // Far enough away to see all of the motion.
  camera(view, frame) {
    const direction = viewDirection(view, this.motion, frame);
    const { width, height, depth } = seenExtents(this.extents(), direction);
    const aspect = this.element.clientWidth / Math.max(1, this.element.clientHeight);
    const distance = Math.max(height, width / aspect) / (2 * HALF_VIEW) + depth / 4;
    const [ex, ey, ez] = direction.map((part) => part * distance);
    return { eye: { x: ex, y: ey, z: ez }, center: { x: 0, y: 0, z: -0.04 } };
  }

  resize() {
    return this.element.isConnected && this.Plotly.Plots.resize(this.element);
  }

  destroy() {
    this.Plotly?.purge(this.element);
  }
}

function pathMode(markers) {
  return markers ? "lines+markers" : "lines";
}

function floorTrace([xRange, yRange], theme) {
  const line = { x: [], y: [], z: [] };
  const add = (x, y) => {
    line.x.push(...x, null);
    line.y.push(...y, null);
    line.z.push(0, 0, null);
  };
  for (const x of gridSteps(xRange)) add([x, x], yRange);
  for (const y of gridSteps(yRange)) add(xRange, [y, y]);
  return {
    type: "scatter3d",
    mode: "lines",
    line: { width: 2, color: theme.floor },
    hoverinfo: "skip",
    ...line,
  };
}

function gridSteps([low, high]) {
  const first = Math.ceil(low / FLOOR_STEP_M);
  const last = Math.floor(high / FLOOR_STEP_M);
  return Array.from({ length: last - first + 1 }, (_, i) => (first + i) * FLOOR_STEP_M);
}
