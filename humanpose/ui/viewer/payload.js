// The block of bytes that viewer/payload.py packs: a header, and float32 arrays frame by frame.

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

  // All bones of a frame as one line with gaps: from, to, null, from, to, null, …
  bonePath(frame) {
    const path = { x: [], y: [], z: [] };
    for (const bone of this.markerBones) {
      const from = this.marker(frame, bone.from);
      const to = this.marker(frame, bone.to);
      path.x.push(from[0], to[0], null);
      path.y.push(from[1], to[1], null);
      path.z.push(from[2], to[2], null);
    }
    return path;
  }

  marker(frame, index) {
    const start = (frame * this.markerCount + index) * 3;
    const point = [this.markers[start], this.markers[start + 1], this.markers[start + 2]];
    return point.every(Number.isFinite) ? point : [null, null, null];
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
  angle(frame, column) {
    return this.angles[frame * this.angleCount + column];
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
}
