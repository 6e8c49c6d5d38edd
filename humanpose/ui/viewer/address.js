// Where one is in a clip, as a part of the address, so that a link or a reload leads back there: the
// frame as f, the loop as l=start-end and the part that the curves show as z=from-to, all in frames, and
// the curves as c where they were chosen one by one. Kept
// for the visit, too, because Streamlit's own links to other pages drop it. What another clip or
// pair left in the address is not meant for this one.

class Address {
  constructor(memory) {
    this.memory = memory;
    const query = new URLSearchParams(window.location.search);
    const isOurs = [undefined, memory].includes(window.__humanposeShown);
    this.linked = isOurs && ["f", "l", "z", "c"].some((name) => query.has(name)) ? query : null;
  }

  // What the link says, or without one what was kept; "" for nothing.
  recall(name) {
    const kept = this.linked ? this.linked.get(name) : sessionStorage.getItem(this.key(name));
    return kept ?? "";
  }

  keep(name, value) {
    sessionStorage.setItem(this.key(name), value);
  }

  // Streamlit would notice an entry in the history of its own; so none is made.
  show(place) {
    const url = new URL(window.location.href);
    for (const [name, value] of Object.entries(place)) {
      if (value === "") url.searchParams.delete(name);
      else url.searchParams.set(name, value);
    }
    window.__humanposeShown = this.memory;
    window.history.replaceState(window.history.state, "", url);
  }

  key(name) {
    return `humanpose.${name}.${this.memory}`;
  }
}

// "20-30" as [20, 30], "20-" as [20, null]; null for what is no range of these frames.
function readRange(text, frames) {
  const found = /^(\d*)-(\d*)$/.exec(text);
  if (!found) return null;
  const [from, to] = found.slice(1).map((part) => (part === "" ? null : Number(part)));
  const inOrder = (from ?? 0) < (to ?? frames - 1) && (to ?? 0) < frames;
  return inOrder ? [from, to] : null;
}

function rangeText([from, to]) {
  return from === null && to === null ? "" : `${from ?? ""}-${to ?? ""}`;
}
