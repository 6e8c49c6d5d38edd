// Which curves are shown, by joint and side, and whether the other estimate is shown too;
// remembered for the visit.

class Picker {
  constructor(element, onChange, { memory, joints, otherWord }) {
    this.element = element;
    this.onChange = onChange;
    this.memory = memory;
    this.otherWord = otherWord;
    const saved = JSON.parse(sessionStorage.getItem(memory) ?? "null");
    this.joints = new Set(saved?.joints ?? joints);
    this.sides = new Set(saved?.sides ?? ["L", "R"]);
    this.all = saved?.all ?? false;
    this.other = saved?.other ?? true;
  }

  load(motion) {
    this.motion = motion;
    const joints = [...new Set(motion.movements.map((movement) => movement.joint))];
    const setPill = (set) => (label, entry) =>
      this.pill(label, () => set.has(entry), () => set.delete(entry) || set.add(entry));
    const jointPill = setPill(this.joints);
    const sidePill = setPill(this.sides);
    const divider = () => newElement("span", "hp-divider");
    this.element.replaceChildren(
      ...joints.map((joint) => jointPill(joint, joint)),
      divider(),
      sidePill("Left", "L"),
      sidePill("Right", "R"),
      divider(),
      this.pill("All directions", () => this.all, () => (this.all = !this.all)),
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

  // The first movement of a joint that the clip can tell, or all of them, on the chosen sides.
  movements() {
    const shown = [];
    for (const joint of this.joints) {
      const known = this.motion.movements
        .filter((movement) => movement.joint === joint)
        .map((movement) => ({ ...movement, curves: this.onSides(movement.curves) }))
        .filter((movement) => movement.curves.length);
      shown.push(...(this.all ? known : known.slice(0, 1)));
    }
    const order = this.motion.movements.map((movement) => movement.title);
    return shown.sort((a, b) => order.indexOf(a.title) - order.indexOf(b.title));
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
      const { all, other } = this;
      const choice = { joints: [...this.joints], sides: [...this.sides], all, other };
      sessionStorage.setItem(this.memory, JSON.stringify(choice));
      this.onChange();
    };
    return button;
  }
}
