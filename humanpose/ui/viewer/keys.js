// Arrows step, Shift makes it ten, space plays, R shows raw, or B, digits and letters choose the view;
// from anywhere on the page that needs no keys.

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
      m: () => actions.switchPart("markers"),
      o: () => actions.switchPart("overlay"),
    };
    this.listener = (event) => {
      const move = moves[event.key];
      if (!move || event.ctrlKey || event.metaKey || event.altKey) return;
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
  const wanted = target.closest("select") || (key === " " && target.closest("button"));
  return root.contains(target) && !wanted;
}
