// Events that somebody marks at the cursor: a name and a frame each. Where they are is drawn below
// the slider and in the curves; the server keeps them.

class Marks {
  constructor(part, actions, tell) {
    this.form = part("marking");
    this.input = this.form.querySelector("input");
    this.list = part("marks");
    this.track = part("mark-track");
    this.lines = part("mark-lines");
    this.actions = actions;
    this.tell = tell;
    this.form.onsubmit = (event) => {
      event.preventDefault();
      const name = this.input.value.trim();
      if (name) this.tell({ name, frame: this.frame });
      this.close();
    };
    this.form.onkeydown = (event) => {
      event.stopPropagation();
      if (event.key === "Escape") this.close();
    };
    this.form.querySelector("[type=button]").onclick = () => this.close();
  }

  load(motion) {
    const marks = motion.marks ?? [];
    this.marks = marks.map((mark) => ({ ...mark, line: this.line(mark) }));
    this.lines.replaceChildren(...this.marks.map(({ line }) => line));
    this.list.hidden = marks.length === 0;
    const time = ({ frame }) => `${fixed(motion.time(frame), 2)} s`;
    this.list.replaceChildren(
      say("Events: "),
      ...marks.map((mark, place) => this.entry(mark, place, time(mark), motion.mayChange)),
    );
    this.track.replaceChildren(
      ...marks.map(({ frame, name }) => {
        const tick = newElement("i", "hp-tick", { left: `${(100 * (frame + 0.5)) / motion.frames}%` });
        tick.title = name;
        return tick;
      }),
    );
  }

  // Leads there; with a button that takes it away.
  entry({ frame, name }, place, time, mayChange) {
    const entry = newElement("span", "hp-mark");
    const link = newElement("button", "hp-moment");
    link.textContent = `${time} ${name}`;
    link.onclick = () => this.actions.go(frame);
    entry.append(link);
    if (mayChange) {
      const away = newElement("button", "hp-moment");
      away.textContent = "×";
      away.setAttribute("aria-label", say("Delete {name}", { name }));
      away.onclick = () => this.tell({ place });
      entry.append(away);
    }
    return entry;
  }

  line({ name }) {
    const line = newElement("div", "hp-mark-line");
    const word = newElement("span", "hp-mark-word");
    word.textContent = name;
    line.append(word);
    return line;
  }

  // Asks for the name of an event at the frame.
  ask(frame, place) {
    this.frame = frame;
    this.form.hidden = false;
    this.form.querySelector("label").firstChild.textContent = `${say("Event at {place}", { place })} `;
    this.input.value = "";
    this.input.focus();
  }

  close() {
    this.form.hidden = true;
  }

  draw(curves) {
    for (const { frame, line } of this.marks) {
      line.hidden = frame < curves.window.from || frame > curves.window.to;
      line.style.transform = `translateX(${curves.xAt(frame)}px)`;
    }
  }
}

// Links to the frames that the learned stages changed most.
function showMoments(element, { moments = [] }, go) {
  element.hidden = moments.length === 0;
  const links = moments.map(({ frame, text }) => {
    const link = newElement("button", "hp-moment");
    link.textContent = text;
    link.onclick = () => go(frame);
    return link;
  });
  element.replaceChildren(say("Changed most, against raw: "), ...links);
}
