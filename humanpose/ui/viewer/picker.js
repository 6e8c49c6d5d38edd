// Which curves are shown, by joint and side, and whether the other estimate is shown too;
// remembered for the visit.

class Picker {
  constructor(element, onChange, { memory, joints, otherWord }) {
    this.element = element;
    this.onChange = onChange;
    this.memory = memory;
    this.usualJoints = joints;
    this.otherWord = otherWord;
  }

  // What was chosen before, for this kind of movement.
  recall(preset) {
    this.preset = preset;
    this.key = preset ? `${this.memory}.${preset.title}` : this.memory;
    const saved = JSON.parse(sessionStorage.getItem(this.key) ?? "null");
    this.joints = new Set(saved?.joints ?? preset?.joints ?? this.usualJoints);
    this.sides = new Set(saved?.sides ?? ["L", "R"]);
    this.all = saved?.all ?? false;
    this.byPreset = saved?.byPreset ?? true;
    this.other = saved?.other ?? true;
  }

  load(motion) {
    this.motion = motion;
    this.recall(motion.preset);
    const joints = [...new Set(motion.movements.map((movement) => movement.joint))];
    const setPill = (set) => (label, entry) =>
      this.pill(label, () => set.has(entry), () => set.delete(entry) || set.add(entry));
    const jointPill = (joint) => {
      const [{ jointWord }] = motion.movements.filter((movement) => movement.joint === joint);
      const button = setPill(this.joints)(jointWord, joint);
      this.sign.attach(button, motion.movements.filter((movement) => movement.joint === joint));
      return button;
    };
    const sidePill = setPill(this.sides);
    const divider = () => newElement("span", "hp-divider");
    const presetPill = ({ title }) =>
      this.pill(say("{movement} angles", { movement: title }), () => this.byPreset, () => (this.byPreset = !this.byPreset));
    this.sign = new SignHint(this.element);
    this.element.replaceChildren(
      this.sign.element,
      ...joints.map(jointPill),
      divider(),
      sidePill(say("Left"), "L"),
      sidePill(say("Right"), "R"),
      divider(),
      ...(this.preset ? [presetPill(this.preset)] : []),
      this.pill(say("All directions"), () => this.all, () => (this.all = !this.all)),
    );
    this.otherPill = this.pill(
      this.otherWord,
      () => this.other,
      () => (this.other = !this.other),
    );
    if (motion.other) this.element.append(this.otherPill);
  }

  toggleOther() {
    if (this.motion.other) this.otherPill.click();
  }

  // Of each joint what is shown, on the chosen sides.
  movements() {
    const shown = [];
    for (const joint of this.joints) {
      const known = this.motion.movements
        .filter((movement) => movement.joint === joint)
        .map((movement) => ({ ...movement, curves: this.onSides(movement.curves) }))
        .filter((movement) => movement.curves.length);
      shown.push(...this.chosenOf(known));
    }
    const order = this.motion.movements.map((movement) => movement.title);
    return shown.sort((a, b) => order.indexOf(a.title) - order.indexOf(b.title));
  }

  // The preset's movements of a joint, or all of them, or the first that the clip can tell.
  chosenOf(known) {
    if (this.all) return known;
    const wanted = this.byPreset ? this.preset?.stems ?? [] : [];
    const chosen = known.filter(({ stem }) => wanted.includes(stem));
    return chosen.length ? chosen : known.slice(0, 1);
  }

  onSides(curves) {
    return curves.filter(({ side }) => side === "M" || this.sides.has(side));
  }

  // Titles of what was asked for and cannot be told from this clip.
  absent() {
    const asked = this.motion.movements.filter((m) => this.joints.has(m.joint));
    return this.all ? asked.filter((m) => !m.curves.length).map((m) => m.title) : [];
  }

  pill(label, isOn, flip) {
    const button = newElement("button", "hp-pill");
    button.textContent = label;
    button.setAttribute("aria-pressed", isOn());
    button.onclick = () => {
      flip();
      button.setAttribute("aria-pressed", isOn());
      const { all, byPreset, other } = this;
      const choice = { joints: [...this.joints], sides: [...this.sides], all, byPreset, other };
      sessionStorage.setItem(this.key, JSON.stringify(choice));
      this.onChange();
    };
    return button;
  }
}
