// Which joints have their curves shown, and whether raw is shown too; remembered for the visit.

const CHOICE = "humanpose.curves";

class Picker {
  constructor(element, onChange) {
    this.element = element;
    this.onChange = onChange;
    const saved = JSON.parse(sessionStorage.getItem(CHOICE) ?? "null");
    this.joints = new Set(saved?.joints ?? ["Hip", "Knee", "Ankle"]);
    this.all = saved?.all ?? false;
    this.raw = saved?.raw ?? true;
  }

  load(motion) {
    this.motion = motion;
    const joints = [...new Set(motion.movements.map((movement) => movement.joint))];
    const pills = joints.map((joint) =>
      this.pill(joint, () => this.joints.has(joint), () => this.flip(joint)),
    );
    const all = this.pill("All directions", () => this.all, () => (this.all = !this.all));
    this.element.replaceChildren(...pills, newElement("span", "hp-divider"), all);
    this.rawPill = this.pill("Compare with raw", () => this.raw, () => (this.raw = !this.raw));
    if (motion.hasRaw) this.element.append(this.rawPill);
  }

  toggleRaw() {
    if (this.motion.hasRaw) this.rawPill.click();
  }

  // The first movement of a joint that the clip can tell, or all of them.
  movements() {
    const shown = [];
    for (const joint of this.joints) {
      const known = this.motion.movements.filter((m) => m.joint === joint && m.curves.length);
      shown.push(...(this.all ? known : known.slice(0, 1)));
    }
    const order = this.motion.movements;
    return shown.sort((a, b) => order.indexOf(a) - order.indexOf(b));
  }

  // Titles of what was asked for and cannot be told from this clip.
  absent() {
    const asked = this.motion.movements.filter((m) => this.joints.has(m.joint));
    return this.all ? asked.filter((m) => !m.curves.length).map((m) => m.title) : [];
  }

  flip(joint) {
    if (!this.joints.delete(joint)) this.joints.add(joint);
  }

  pill(label, isOn, flip) {
    const button = newElement("button", "hp-pill");
    button.textContent = label;
    button.setAttribute("aria-pressed", isOn());
    button.onclick = () => {
      flip();
      button.setAttribute("aria-pressed", isOn());
      const choice = { joints: [...this.joints], all: this.all, raw: this.raw };
      sessionStorage.setItem(CHOICE, JSON.stringify(choice));
      this.onChange();
    };
    return button;
  }
}
