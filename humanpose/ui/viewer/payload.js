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
    this.keypointCount = this.visibility.length / this.frames;
  }

  clamp(frame) {
    return Math.max(0, Math.min(this.frames - 1, Math.round(frame)));
  }

  // Clip time, s.
  time(frame) {
    return this.startS + frame / this.fps;
  }

  get hasRaw() {
    return this.rawMarkers !== undefined;
  }

  // All bones of a frame as one line with gaps: from, to, null, from, to, null, …
  bonePath(frame, markers = this.markers) {
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

  marker(frame, index, markers) {
    const start = (frame * this.markerCount + index) * 3;
    const point = [markers[start], markers[start + 1], markers[start + 2]];
    return point.every(Number.isFinite) ? point : [null, null, null];
  }

  // Whether both ends of a bone are known rather than guessed.
  isSure(frame, bone) {
    const sure = (index) => this.markerConfidence[frame * this.markerCount + index] >= MEASURED;
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
  angle(frame, column, angles = this.angles) {
    return angles[frame * this.angleCount + column];
  }

  // Half the 90 % band, degrees; undefined where nothing tells it.
  halfBand(frame, column) {
    return this.band?.[frame * this.angleCount + column];
  }

  // One angle over time, null where `keep(confidence)` says no; with the neighbours of what
  // it keeps, so that a faint stretch and a solid one meet.
  curve(column, keep) {
    const wanted = (frame) => keep(this.confidence[frame * this.angleCount + column]);
    return Array.from({ length: this.frames }, (_, frame) => {
      const shown = wanted(frame) || (frame > 0 && wanted(frame - 1));
      const value = this.angle(frame, column);
      return shown && Number.isFinite(value) ? value : null;
    });
  }

  rawCurve(column) {
    return Array.from({ length: this.frames }, (_, frame) => {
      const value = this.angle(frame, column, this.rawAngles);
      return Number.isFinite(value) ? value : null;
    });
  }

  // The outline of the 90 % band of one angle: a closed shape for each stretch without a gap.
  bandOutline(column) {
    const outline = { x: [], y: [] };
    let stretch = [];
    const close = () => {
      const back = [...stretch].reverse();
      outline.x.push(...stretch.map((p) => p.time), ...back.map((p) => p.time), null);
      outline.y.push(...stretch.map((p) => p.high), ...back.map((p) => p.low), null);
      stretch = [];
    };
    for (let frame = 0; frame < this.frames; frame++) {
      const value = this.angle(frame, column);
      const half = this.halfBand(frame, column);
      if (Number.isFinite(value + half)) {
        stretch.push({ time: this.time(frame), high: value + half, low: value - half });
      } else if (stretch.length) close();
    }
    if (stretch.length) close();
    return outline;
  }
}
