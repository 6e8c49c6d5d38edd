// How the skeleton is looked at: from where, and with what drawn; remembered for the visit.

const VIEW_MEMORY = "humanpose.quality.view";

class ViewBar {
  constructor(element, actions) {
    this.element = element;
    this.actions = actions;
    this.saved = { view: "free", markers: true, overlay: true, values: true, augmented: false, body: true };
    Object.assign(this.saved, JSON.parse(sessionStorage.getItem(VIEW_MEMORY) ?? "{}"));
    this.pills = {};
  }

  load(motion) {
    const views = ["front", "side", "top", "free"].map((view) =>
      this.pill(view, VIEWS[view], () => this.actions.look(view)),
    );
    const parts = [["body", say("Body"), say("A body, or lines (B)")]];
    parts.push(["markers", say("Markers"), say("Joint markers on or off (M)")]);
    if (motion.keypointBones) parts.push(["overlay", say("On the clip"), say("Skeleton on the clip, on or off (O)")]);
    if (motion.floor) parts.push(["values", say("Values"), say("Values of the shown angles on the clip (V)")]);
    if (motion.augmentedMarkers) parts.push(["augmented", say("Augmented"), say("Augmented markers (E)")]);
    this.parts = parts.map(([part]) => part);
    const switches = parts.map(([part, label, title]) =>
      this.pill(part, { label, title }, () => this.actions.switchPart(part)),
    );
    this.element.replaceChildren(...views, newElement("span", "hp-divider"), ...switches);
    this.show();
  }

  set(part, value) {
    this.saved[part] = value;
    sessionStorage.setItem(VIEW_MEMORY, JSON.stringify(this.saved));
    this.show();
  }

  // Whether a part is drawn; one that has no button is not.
  isOn(part) {
    return this.parts.includes(part) && this.saved[part];
  }

  show() {
    for (const [name, button] of Object.entries(this.pills)) {
      const pressed = name in VIEWS ? this.saved.view === name : this.saved[name];
      button.setAttribute("aria-pressed", pressed);
    }
  }

  pill(name, { label, title }, onClick) {
    const button = newElement("button", "hp-pill");
    button.textContent = label;
    button.title = title;
    button.onclick = onClick;
    this.pills[name] = button;
    return button;
  }
}
