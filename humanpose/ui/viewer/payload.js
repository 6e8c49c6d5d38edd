// The block of bytes that viewer/payload.py packs: a header, and float32 arrays frame by frame.

const MEASURED = 0.5; // confidence below this is inferred, and drawn faint

class Motion {
  constructor(bytes) {
    const block = bytes.slice(); // a copy starts on a 4-byte boundary; protobuf's view may not
    const length = new DataView(block.buffer).getUint32(0, true);
    const header = JSON.parse(new TextDecoder().decode(block.subarray(4, 4 + length)));
    Object.assign(this, header);
    for (const [name, place] of Object.entries(header.arrays)) {
      this[name] = new Float32Array(block.buffer, 4 + length + place.start, place.count);
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
    if (this.inPercent) return `${frame} % of the cycle`;
    return `${this.time(frame).toFixed(2)} s · frame ${frame} / ${this.frames - 1}`;
  }

  // All bones of a frame as one line with gaps: from, to, null, from, to, null, …
  bonePath(frame, { markers } = this.own) {
    const path = { x: [], y: [], z: [] };
    for (const bone of this.markerBones) {
      const from = this.marker(frame, bone.from, markers);
      const to = this.marker(frame, bone.to, markers);
      path.x.push(from[0], to[0], null);
      path.y.push(from[1], to[1], null);
      path.z.push(from[2], to[2], null);
    }
    return path;
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

  // Half the band about an angle, degrees; undefined where nothing tells it.
  halfBand(frame, column, { band } = this.own) {
    return band?.[frame * this.angleCount + column];
  }

  // One value for each frame, null where it is not known.
  overTime(value) {
    return Array.from({ length: this.frames }, (_, frame) => {
      const number = value(frame);
      return Number.isFinite(number) ? number : null;
    });
  }

  // One angle over time, null where `keep(confidence)` says no; with the neighbours of what
  // it keeps, so that a faint stretch and a solid one meet.
  curve(column, keep, estimate = this.own) {
    const sure = (frame) => estimate.confidence[frame * this.angleCount + column];
    const shown = (frame) => keep(sure(frame)) || (frame > 0 && keep(sure(frame - 1)));
    return this.overTime((frame) => (shown(frame) ? this.angle(frame, column, estimate) : NaN));
  }

  // The outline of the band about one angle: a closed shape for each stretch without a gap;
  // drawn from a frame to a frame, the widest of every `step` frames.
  bandOutline(column, estimate = this.own, { from, to, step }) {
    const outline = { x: [], y: [] };
    let stretch = [];
    const close = () => {
      const back = [...stretch].reverse();
      outline.x.push(...stretch.map((p) => p.time), ...back.map((p) => p.time), null);
      outline.y.push(...stretch.map((p) => p.high), ...back.map((p) => p.low), null);
      stretch = [];
    };
    for (let start = from; start <= to; start += step) {
      const point = { time: this.time(start), high: -Infinity, low: Infinity };
      for (let frame = start; frame <= Math.min(to, start + step - 1); frame++) {
        const value = this.angle(frame, column, estimate);
        const half = this.halfBand(frame, column, estimate);
        if (value + half > point.high) point.high = value + half;
        if (value - half < point.low) point.low = value - half;
      }
      if (point.high >= point.low) stretch.push(point);
      else if (stretch.length) close();
    }
    if (stretch.length) close();
    return outline;
  }
}
