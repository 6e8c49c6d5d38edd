// What keys do (help.js says it in words), from anywhere on the page that needs no keys.

class Keys {
  constructor(root, actions) {
    const frames = (event) => (event.shiftKey ? 10 : 1);
    const moves = {
      ArrowLeft: (event) => actions.step(-frames(event)),
      ArrowRight: (event) => actions.step(frames(event)),
      Home: () => actions.first(),
      End: () => actions.last(),
      " ": () => actions.toggle(),
      r: () => actions.toggleOther(),
      1: () => actions.look("front"),
      2: () => actions.look("side"),
      3: () => actions.look("top"),
      4: () => actions.look("free"),
      "<": () => actions.loopFrom(),
      ">": () => actions.loopTo(),
      Escape: () => {
        if (actions.closeMenu()) return;
        actions.loopOff();
        actions.noMeasure();
      },
      s: () => actions.slower(),
      f: () => actions.faster(),
      "+": () => actions.zoom(0.5),
      "=": () => actions.zoom(0.5),
      "-": () => actions.zoom(2),
      z: () => actions.showAll(),
      "?": () => actions.help(),
      n: () => actions.neutral(),
      k: () => actions.mark(),
      p: () => actions.saveFrame(),
      b: () => actions.switchPart("body"),
      m: () => actions.switchPart("markers"),
      e: () => actions.switchPart("augmented"),
      o: () => actions.switchPart("overlay"),
      v: () => actions.switchPart("values"),
    };
    this.listener = (event) => {
      const move = moves[event.key];
      if (!move || event.ctrlKey || event.metaKey || event.altKey || actions.isHelping()) return;
      if (!isFree(event, root)) return;
      event.preventDefault();
      event.stopPropagation();
      move(event);
    };
    document.addEventListener("keydown", this.listener, true);
  }

  destroy() {
    document.removeEventListener("keydown", this.listener, true);
  }
}

// Whether nothing else on the page wants the key.
function isFree(event, root) {
  const { target, key } = event;
  if (target.contains(root)) return true; // the page itself
  const wanted = target.closest("select, input[type=text]") || (key === " " && target.closest("button"));
  return root.contains(target) && !wanted;
}
