// Measures on the clip: an angle in the picture by three clicks, a distance on the floor by two,
// through the analysis's own camera and floor, with its error.

const TOOLS = { angle: 3, distance: 2 }; // and how many points they take
const CLICK_SD_PX = 1.5; // on the screen
const HALF_OF_90 = 1.645; // standard deviations
const MEASURED_COLOR = "#ffd400";

class Measure {
  constructor(bar, surface, redraw) {
    this.bar = bar;
    this.redraw = redraw;
    this.points = [];
    surface.addEventListener("pointerdown", (event) => this.click(event, surface));
    this.pills = Object.fromEntries(
      Object.keys(TOOLS).map((tool) => [tool, this.pill(tool)]),
    );
    bar.replaceChildren(...Object.values(this.pills));
  }

  pill(tool) {
    const pill = newElement("button", "hp-pill");
    pill.textContent = tool === "angle" ? say("Angle") : say("Distance");
    pill.onclick = () => this.choose(this.tool === tool ? undefined : tool);
    return pill;
  }

  load(motion) {
    this.motion = motion;
    this.bar.hidden = !motion.floor;
    const reason = motion.floor?.reason;
    this.pills.angle.title = say("Angle in the picture: click an end, the corner, the other end");
    this.pills.distance.title = reason ?? say("Distance on the floor: click two points of it");
    this.pills.distance.disabled = Boolean(reason);
    this.choose(this.tool);
  }

  choose(tool) {
    this.tool = tool;
    this.points = [];
    for (const [name, pill] of Object.entries(this.pills)) {
      pill.setAttribute("aria-pressed", name === tool);
    }
    this.redraw();
  }

  // Points are kept as fractions of the picture.
  click(event, surface) {
    if (!this.tool || event.target.closest("button")) return;
    const { left, top, width, height } = surface.getBoundingClientRect();
    const [w, h] = this.motion.video.size;
    this.scale = Math.min(width / w, height / h);
    const x = (event.clientX - left - (width - w * this.scale) / 2) / (w * this.scale);
    const y = (event.clientY - top - (height - h * this.scale) / 2) / (h * this.scale);
    if (x < 0 || x > 1 || y < 0 || y > 1) return;
    if (this.points.length === TOOLS[this.tool]) this.points = [];
    this.points.push([x * w, y * h]);
    this.redraw();
  }

  // On a picture of this size.
  draw(context, { width, height }, theme) {
    if (!this.points.length) return;
    const [w] = this.motion.video.size;
    const places = this.points.map(([x, y]) => ({ x: (x * width) / w, y: (y * width) / w }));
    const path = new Path2D();
    places.forEach(({ x, y }, i) => (i ? path.lineTo(x, y) : path.moveTo(x, y)));
    strokeWithHalo(context, path, MEASURED_COLOR, { halo: "rgba(0,0,0,.6)" });
    for (const place of places) drawDot(context, { ...place, known: true, sure: true }, MEASURED_COLOR);
    if (places.length < TOOLS[this.tool]) return;
    const { x, y } = this.tool === "angle" ? places[1] : middleOf(places.map((p) => ({ ...p, known: true })));
    context.font = `600 ${VALUE_PX - 2}px ${theme.font}`;
    context.textBaseline = "middle";
    const words = this.words();
    const left = Math.max(4, Math.min(width - context.measureText(words).width - 4, x + BESIDE_PX));
    const top = Math.max(VALUE_PX, Math.min(height - VALUE_PX, y - VALUE_PX));
    drawValue(context, { words, x: left, y: top, color: theme.text, sure: true }, theme);
  }

  words() {
    if (this.tool === "angle") return say("{angle} in the picture", { angle: degrees(cornerDeg(...this.points)) });
    const { value, half } = floorDistance(this.motion, this.points, CLICK_SD_PX / this.scale);
    const { unit, factor } = this.motion.floor;
    if (!Number.isFinite(value)) return say("not on the floor");
    const digits = (metres) => fixed(metres * factor, 2);
    return `${digits(value)} ± ${Number.isFinite(half) ? digits(half) : "?"} ${unit}`;
  }
}

function cornerDeg([ax, ay], [bx, by], [cx, cy]) {
  const turn = Math.atan2(cy - by, cx - bx) - Math.atan2(ay - by, ax - bx);
  const degrees = Math.abs((turn * 180) / Math.PI);
  return Math.min(degrees, 360 - degrees);
}

// How far two pixels of the floor are apart, m, and half the range that holds 90 % of the truth:
// what up, the focal length, the floor's height and the clicks may be off, one after the other.
function floorDistance({ floor, video }, [from, to], clickSdPx) {
  const of = (change) => distanceOf({ ...floor, from, to, ...change }, video.size);
  const value = of({});
  const [x, y, z] = floor.up;
  const turned = (axis) => {
    const sine = Math.sin((floor.upSdDeg * Math.PI) / 180);
    return normal([x + sine * axis[0], y + sine * axis[1], z + sine * axis[2]]);
  };
  const [aside, ahead] = [normal([-y, x, 0]), normal(crossed([x, y, z], normal([-y, x, 0])))];
  const [fx, fy, fz] = floor.foot;
  const lower = [0, 1, 2].map((axis) => floor.foot[axis] - floor.heightSdM * floor.up[axis]);
  const longer = 1 + floor.focalShare;
  const moved = ([px, py], dx, dy) => [px + dx * clickSdPx, py + dy * clickSdPx];
  const changes = [
    { up: turned(aside) },
    { up: turned(ahead) },
    { foot: lower },
    { focalPx: floor.focalPx * longer, foot: [fx, fy, fz * longer] },
    ...[[1, 0], [0, 1]].flatMap(([dx, dy]) => [{ from: moved(from, dx, dy) }, { to: moved(to, dx, dy) }]),
  ];
  const squares = changes.map((change) => (of(change) - value) ** 2);
  return { value, half: HALF_OF_90 * Math.sqrt(squares.reduce((sum, square) => sum + square, 0)) };
}

// NaN where a pixel is not of the floor, but above the horizon.
function distanceOf({ up, foot, focalPx, from, to }, [width, height]) {
  const below = dotted(up, foot);
  const [a, b] = [from, to].map(([px, py]) => {
    const ray = [(px - width / 2) / focalPx, (py - height / 2) / focalPx, 1];
    const depth = below / dotted(up, ray);
    return ray.map((part) => (depth > 0 ? depth * part : NaN));
  });
  return Math.hypot(...a.map((part, axis) => part - b[axis]));
}

function dotted(a, b) {
  return a.reduce((sum, part, axis) => sum + part * b[axis], 0);
}

function crossed([ax, ay, az], [bx, by, bz]) {
  return [ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx];
}

function normal(vector) {
  const length = Math.hypot(...vector);
  return vector.map((part) => part / length);
}
