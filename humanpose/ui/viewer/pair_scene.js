// Two bodies or skeletons in one scene: A in thick lines, B in thinner ones, each in its own colour,
// and letters at A's hands for left and right.

const LETTERS = 3; // place among the traces

class PairScene extends SkeletonPane {
  colors(frame) {
    return this.pairColors("A", frame, this.motion.own);
  }

  otherColors(frame) {
    return this.pairColors("B", frame, this.motion.other);
  }

  pairColors(name, frame, estimate) {
    const { pair, pairFaint } = this.theme;
    return this.motion.markerBones.flatMap((bone) => {
      const sure = this.motion.isSure(frame, bone, estimate);
      return Array(3).fill((sure ? pair : pairFaint)[name]);
    });
  }

  showsOtherLines() {
    return super.showsOtherLines() && !this.body;
  }

  solidEstimates() {
    const { own, other } = this.motion;
    return [own, this.showOther ? other : undefined];
  }

  palette() {
    const { pair, pairFaint } = this.theme;
    return [pair, pairFaint].flatMap(({ A, B }) => [A, B]);
  }

  tints(frame) {
    const { motion } = this;
    return [motion.own, motion.other].flatMap((estimate, place) =>
      solidTints(motion, frame, estimate, (_, sure) => place + (sure ? 0 : 2)),
    );
  }

  bodyTrace(frame) {
    const color = this.colors(frame);
    return { ...super.bodyTrace(frame), name: "A", marker: { size: 2.5, color } };
  }

  otherTrace(frame) {
    return {
      ...super.otherTrace(frame),
      name: "B",
      mode: this.mode,
      line: { width: 4, color: this.otherColors(frame) },
      marker: { size: 2.5, symbol: "diamond", color: this.otherColors(frame) },
    };
  }

  markedTraces() {
    return [BODY, OTHER];
  }

  paths(frame) {
    return { ...super.paths(frame), [LETTERS]: this.letterPlaces(frame) };
  }

  moreTraces(frame) {
    return [
      {
        type: "scatter3d",
        name: "letters",
        mode: "text",
        text: this.motion.letters.map(({ text }) => text),
        textposition: "bottom center",
        textfont: { size: 14, color: this.theme.text },
        hoverinfo: "skip",
        ...this.letterPlaces(frame),
      },
    ];
  }

  letterPlaces(frame) {
    const { motion } = this;
    const points = motion.letters.map(({ marker }) =>
      motion.marker(frame, marker, motion.own.markers),
    );
    const along = (axis) => points.map((point) => point[axis]);
    return { x: along(0), y: along(1), z: along(2) };
  }
}
