// Compare: the viewer with A and B instead of one estimate, and with two videos where they are of
// two clips.

class PairViewer extends Viewer {
  makePanes(part, actions) {
    const ended = () => this.ended();
    const Videos = this.root.matches(".hp-takes") ? TakeVideos : VideoPane;
    this.video = new Videos(part("video"), ended, () => this.redraw());
    this.skeleton = new (hasWebGl() ? PairScene : FlatPair)(part("scene"), actions.turned);
    this.curves = new PairCurves(part("curves"), actions);
    this.picker = new Picker(part("picker"), () => this.choose(), {
      memory: "humanpose.pair",
      joints: ["Knee"],
      otherWord: say("Show B"),
      onlyAngles: true,
    });
    this.legend = part("legend");
  }

  loadMotion(motion) {
    super.loadMotion(motion);
    const entry = (name, words) => {
      const span = newElement("span", `hp-name hp-name-${name}`);
      span.textContent = `${name.toUpperCase()} ${words}`;
      return span;
    };
    this.legend.replaceChildren(entry("a", motion.names[0]), entry("b", motion.names[1]));
  }

  keyEntries(motion) {
    const [a, b] = motion.names;
    const entries = [
      [`A ${a}`, "a"],
      [`B ${b}`, "b"],
      [say("within ± {tolerance}°", { tolerance: motion.toleranceDeg }), "tolerance"],
      [say("inferred"), "inferred"],
    ];
    if (motion.own.band || motion.other.band) entries.push([say("± 1 SD between cycles"), "band"]);
    return entries;
  }
}
