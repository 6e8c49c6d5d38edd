// What viewer/frames.py sends: all of a short clip at once, and of a long one an overview of its
// curves; its frames are fetched piece by piece where they are looked at.

const MEASURED = 0.5; // confidence below this is inferred, and drawn faint
const PIECE_FRAMES = 256;
const ASKED_AGAIN_AFTER_MS = 500;
const MOST_TRIES = 40;

class Motion {
  // `onLost` is called where the server has forgotten the frames; a run of the page helps.
  constructor(bytes, onLost) {
    const { header, arrays } = unpacked(bytes);
    Object.assign(this, header);
    this.onLost = onLost;
    this.pieces = [];
    this.here = [];
    this.unit = UNITS.angle;
    this.quantities = { angle: this };
    if (this.restUrl) {
      for (const [name, width] of Object.entries(this.widths)) {
        this[name] = new Float32Array(this.frames * width);
      }
      this.overview = new ThinLines(this, header.overview, arrays);
    } else {
      Object.assign(this, arrays);
    }
    this.markerCount = this.markers.length / this.frames / 3;
    this.keypointCount = this.visibility ? this.visibility.length / this.frames : 0;
    this.own = this.estimate("markers", "markerConfidence", "angles", "confidence", "band");
    this.other = this.estimate(
      "otherMarkers",
      "otherMarkerConfidence",
      "otherAngles",
      "otherConfidence",
      "otherBand",
    );
  }

  // One of the two estimates of the movement, by the names of its arrays; Explore's other one
  // is raw, Compare's is B. Undefined where there is none.
  estimate(markers, markerConfidence, angles, confidence, band) {
    return (
      this[markers] && {
        markers: this[markers],
        markerConfidence: this[markerConfidence],
        angles: this[angles],
        confidence: this[confidence],
        band: this[band],
      }
    );
  }

  clamp(frame) {
    return Math.max(0, Math.min(this.frames - 1, Math.round(frame)));
  }

  // Clip time, s.
  time(frame) {
    return this.startS + frame / this.fps;
  }

  // Where in the movement a frame is, in words.
  place(frame) {
    if (this.inPercent) return say("{percent} % of the cycle", { percent: frame });
    return say("{time} s · frame {frame} / {last}", { time: fixed(this.time(frame), 2), frame, last: this.frames - 1 });
  }

  // All bones of a frame as one line with gaps: from, to, null, from, to, null, …
  bonePath(frame, { markers } = this.own, bones = this.markerBones) {
    const path = { x: [], y: [], z: [] };
    for (const bone of bones) {
      const from = this.marker(frame, bone.from, markers);
      const to = this.marker(frame, bone.to, markers);
      path.x.push(from[0], to[0], null);
      path.y.push(from[1], to[1], null);
      path.z.push(from[2], to[2], null);
    }
    return path;
  }

  // Two markers by name as a bone.
  bone({ from, to }) {
    return { from: this.markerNames.indexOf(from), to: this.markerNames.indexOf(to) };
  }

  // The augmented markers of a frame.
  extraPath(frame) {
    const count = this.augmentedMarkers.length / this.frames;
    const point = (axis) =>
      Array.from(this.augmentedMarkers.subarray(frame * count, (frame + 1) * count))
        .filter((_, place) => place % 3 === axis)
        .map((value) => (Number.isFinite(value) ? value : null));
    return { x: point(0), y: point(1), z: point(2) };
  }

  marker(frame, index, markers) {
    const start = (frame * this.markerCount + index) * 3;
    const point = [markers[start], markers[start + 1], markers[start + 2]];
    return point.every(Number.isFinite) ? point : [null, null, null];
  }

  // Whether both ends of a bone are known rather than guessed.
  isSure(frame, bone, { markerConfidence } = this.own) {
    const sure = (index) => markerConfidence[frame * this.markerCount + index] >= MEASURED;
    return sure(bone.from) && sure(bone.to);
  }

  // In fractions of the picture; visibility in [0, 1].
  keypoint(frame, index) {
    const place = frame * this.keypointCount + index;
    return {
      x: this.keypoints[2 * place],
      y: this.keypoints[2 * place + 1],
      visibility: this.visibility[place],
    };
  }

  // Degrees; NaN where absent.
  angle(frame, column, { angles } = this.own) {
    return angles[frame * this.angleCount + column];
  }

  // Other minus own, degrees; NaN where one is absent.
  difference(frame, column) {
    return this.angle(frame, column, this.other) - this.angle(frame, column);
  }

  // In words where the take A or B is not at all at a frame, else undefined.
  outside(frame, name) {
    const [from, to] = this.spans[name];
    if (frame < from) return say("starts at {time} s", { time: fixed(this.time(from), 2) });
    return frame > to ? say("ends at {time} s", { time: fixed(this.time(to), 2) }) : undefined;
  }

  // Half the band about an angle, degrees; undefined where nothing tells it.
  halfBand(frame, column, { band } = this.own) {
    return band?.[frame * this.angleCount + column];
  }

  // A curve as a function of the frame, NaN where it is not drawn: measured and inferred parts
  // reach one frame further, so that they meet. The names are those of viewer/thin.py.
  drawn(name, column) {
    const { own, other } = this;
    const whole = (estimate) => (frame) => this.angle(frame, column, estimate);
    const part = (estimate, isMeasured) => {
      const is = (frame) =>
        estimate.confidence[frame * this.angleCount + column] >= MEASURED === isMeasured;
      const value = whole(estimate);
      return (frame) => (is(frame) || (frame > 0 && is(frame - 1)) ? value(frame) : NaN);
    };
    const curves = {
      measured: () => part(own, true),
      inferred: () => part(own, false),
      otherMeasured: () => part(other, true),
      otherInferred: () => part(other, false),
      raw: () => whole(other),
      difference: () => (frame) => this.difference(frame, column),
    };
    return curves[name]();
  }

  // [smallest, largest] of each of these curves that is somewhere, degrees.
  extremes(names, column) {
    return names.flatMap((name) => this.extents[name]?.[column] ?? []);
  }

  // What curves of this kind (of UNITS) are drawn from.
  async of(kind) {
    if (kind !== "angle") await this.need(0, this.frames - 1);
    return (this.quantities[kind] ??= otherQuantity(this, kind));
  }

  // What the curves of a stretch are drawn from; without a step: of the whole clip.
  async lines({ from, to, step }) {
    if (!this.restUrl) return new AllLines(this, { from, to });
    if (step === undefined) return this.overview;
    if (step > 1) {
      const { header, arrays } = await this.ask(from, to, step);
      return new ThinLines(this, header, arrays);
    }
    await this.need(Math.max(0, from - 1), to);
    return new AllLines(this, { from, to });
  }

  // Whether all of a frame can be shown.
  has(frame) {
    return !this.restUrl || Boolean(this.here[Math.floor(frame / PIECE_FRAMES)]);
  }

  // Until all of these frames can be shown.
  async need(from, to) {
    if (!this.restUrl) return;
    const [first, last] = [from, Math.min(to, this.frames - 1)].map((frame) =>
      Math.floor(frame / PIECE_FRAMES),
    );
    await Promise.all(
      Array.from({ length: last - first + 1 }, (_, index) => this.piece(first + index)),
    );
  }

  piece(index) {
    this.pieces[index] ??= this.fetchPiece(index).catch((error) => {
      this.pieces[index] = undefined;
      throw error;
    });
    return this.pieces[index];
  }

  async fetchPiece(index) {
    const from = index * PIECE_FRAMES;
    const { arrays } = await this.ask(from, Math.min(this.frames, from + PIECE_FRAMES) - 1, 1);
    for (const [name, values] of Object.entries(arrays)) {
      this[name].set(values, from * this.widths[name]);
    }
    this.here[index] = true;
  }

  async ask(from, to, step) {
    for (let tries = 1; ; tries++) {
      const response = await fetch(`${this.restUrl}?from=${from}&to=${to}&step=${step}`);
      if (response.ok) return unpacked(new Uint8Array(await response.arrayBuffer()));
      if (tries === MOST_TRIES) throw new Error(`${response.status} for frames ${from}-${to}`);
      if (tries === 1) this.onLost();
      await new Promise((done) => setTimeout(done, ASKED_AGAIN_AFTER_MS));
    }
  }
}

// Length of the header, header, arrays.
function unpacked(bytes) {
  const block = bytes.slice(); // a copy starts on a 4-byte boundary; protobuf's view may not
  const length = new DataView(block.buffer).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(block.subarray(4, 4 + length)));
  const arrays = {};
  for (const [name, place] of Object.entries(header.arrays)) {
    arrays[name] = new Float32Array(block.buffer, 4 + length + place.start, place.count);
  }
  return { header, arrays };
}

function sameBytes(a, b) {
  return b !== undefined && a.length === b.length && a.every((value, i) => value === b[i]);
}
