// Which curves are shown, one by one: every angle and its velocity, every marker along X, Y and Z; a
// panel over the curves.

class ChoiceMenu {
  constructor(button, panel) {
    this.button = button;
    this.panel = panel;
    button.onclick = () => this.show(panel.hidden);
  }

  // Says whether it was open.
  close() {
    const wasOpen = !this.panel.hidden;
    this.show(false);
    if (wasOpen) this.button.focus();
    return wasOpen;
  }

  show(open) {
    this.panel.hidden = !open;
    this.button.setAttribute("aria-expanded", open);
  }

  // `pill` makes the button of an item with these words.
  load(items, pill) {
    const joints = new Map();
    for (const item of items) {
      const { kind, joint, jointWord } = item;
      const group = `${kind === "position"} ${joint}`;
      if (!joints.has(group)) joints.set(group, { heading: jointWord, lines: new Map() });
      const { lines } = joints.get(group);
      const line = kind === "position" ? "" : item.stem;
      lines.set(line, [...(lines.get(line) ?? []), item]);
    }
    this.panel.replaceChildren(...[...joints.values()].map((joint) => menuSection(joint, pill)));
  }
}

function menuSection({ heading, lines }, pill) {
  const section = newElement("section", "hp-menu-joint");
  const title = newElement("h3", "hp-help-title");
  title.textContent = heading;
  section.append(title);
  for (const items of lines.values()) {
    const line = newElement("div", "hp-menu-line");
    line.append(...items.map((item) => pill(item, menuWord(item))));
    section.append(line);
  }
  return section;
}

function menuWord({ kind, title, key }) {
  if (kind === "position") return key.split(".").at(-1);
  return kind === "velocity" ? "°/s" : title;
}
