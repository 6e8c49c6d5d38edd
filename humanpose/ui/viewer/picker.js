// Which curves are shown, by joint and side or one by one, and whether the other estimate is shown
// too; remembered for the visit.

class Picker {
  constructor(element, onChange, { memory, joints, otherWord, onlyAngles }) {
    this.element = element;
    this.onlyAngles = onlyAngles;
    this.single = new Map(); // key of what is shown otherwise than the joints have it → whether
    this.onChange = onChange;
    this.memory = memory;
    this.usualJoints = joints;
    this.otherWord = otherWord;
  }

  // What was chosen before, for this kind of movement.
  recall(preset) {
    this.preset = preset;
    this.key = preset ? `${this.memory}.${preset.stems.join()}` : this.memory;
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
    this.items = choosable(motion, this);
    this.pills = [];
    const joints = [...new Set(motion.movements.map((movement) => movement.joint))];
    const divider = () => newElement("span", "hp-divider");
    this.sign = new SignHint(this.element);
    this.otherPill = this.flag("other", this.otherWord);
    const menu = [newElement("button", "hp-pill"), newElement("div", "hp-menu")];
    menu[0].textContent = say("Choose…");
    menu[0].title = say("Single angles, velocities, where joints are");
    menu[1].hidden = true;
    this.menu = new ChoiceMenu(...menu);
    this.menu.load(this.items, (item, word) => this.singlePill(item, word));
    this.menu.show(false);
    this.element.replaceChildren(
      this.sign.element,
      ...joints.map((joint) => this.jointPill(joint)),
      divider(),
      this.setPill(this.sides, say("Left"), "L"),
      this.setPill(this.sides, say("Right"), "R"),
      divider(),
      ...(this.preset ? [this.flag("byPreset", say("{movement} angles", { movement: this.preset.title }))] : []),
      this.flag("all", say("All directions")),
      ...menu,
    );
    if (motion.other) this.element.append(this.otherPill);
  }

  jointPill(joint) {
    const movements = this.motion.movements.filter((movement) => movement.joint === joint);
    const forget = () => movements.forEach(({ stem }) => this.single.delete(stem));
    const button = this.setPill(this.joints, movements[0].jointWord, joint, forget);
    this.sign.attach(button, movements);
    return button;
  }

  setPill(set, label, entry, also = () => {}) {
    const flip = () => {
      if (!set.delete(entry)) set.add(entry);
      also();
    };
    return this.pill(label, () => set.has(entry), flip);
  }

  // Of one of the choices by name.
  flag(name, label) {
    return this.pill(label, () => this[name], () => (this[name] = !this[name]));
  }

  singlePill(item, word) {
    const { key, title, curves } = item;
    const flip = () => {
      const shown = !this.isShown(key);
      if (shown === this.ofJoints().has(key)) this.single.delete(key);
      else this.single.set(key, shown);
    };
    const button = this.pill(word, () => this.isShown(key), flip);
    button.setAttribute("aria-label", title);
    button.disabled = curves.length === 0;
    return button;
  }

  isShown(key) {
    return this.single.get(key) ?? this.ofJoints().has(key);
  }

  // All that is shown, for the address; "" where the joints say it.
  get text() {
    const shown = () => this.items.map(({ key }) => key).filter((key) => this.isShown(key));
    return this.single.size ? shown().join() || "-" : "";
  }

  restore(text) {
    const keys = new Set(text.split(","));
    const usual = this.ofJoints();
    const differing = this.items.filter(({ key }) => text && keys.has(key) !== usual.has(key));
    this.single = new Map(differing.map(({ key }) => [key, keys.has(key)]));
    this.refresh();
  }

  toggleOther() {
    if (this.motion.other) this.otherPill.click();
  }

  // What is shown, on the chosen sides.
  movements() {
    return this.items
      .filter(({ key }) => this.isShown(key))
      .map((item) => ({ ...item, curves: this.onSides(item.curves) }))
      .filter(({ curves }) => curves.length);
  }

  // Keys of what the chosen joints show.
  ofJoints() {
    const known = (joint) =>
      this.motion.movements.filter((m) => m.joint === joint && this.onSides(m.curves).length);
    const chosen = [...this.joints].flatMap((joint) => this.chosenOf(known(joint)));
    return new Set(chosen.map(({ stem }) => stem));
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
    this.pills.push([button, isOn]);
    button.setAttribute("aria-pressed", isOn());
    button.onclick = () => {
      flip();
      this.refresh();
      const { all, byPreset, other } = this;
      const choice = { joints: [...this.joints], sides: [...this.sides], all, byPreset, other };
      sessionStorage.setItem(this.key, JSON.stringify(choice));
      this.onChange();
    };
    return button;
  }

  refresh() {
    for (const [button, isOn] of this.pills) button.setAttribute("aria-pressed", isOn());
  }
}
