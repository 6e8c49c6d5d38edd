// All keys, asked for with "?".

const HELP = [
  ["Time", [
    ["← →", "one frame back, on"],
    ["Shift ← →", "ten frames"],
    ["Home End", "first, last frame"],
    ["Space", "play, pause"],
    ["S F", "slower, faster"],
    ["< >", "play over and over from here, to here"],
    ["Esc", "no loop, no measuring"],
  ]],
  ["Curves", [
    ["Click, drag", "go there"],
    ["+ −", "more, less detail; also Ctrl + scroll"],
    ["Shift + scroll", "earlier, later"],
    ["Alt + scroll", "zoom the values of a row"],
    ["Z", "the whole clip, all values"],
    ["N", "count angles from the pose in this frame"],
    ["K", "mark an event in this frame"],
  ]],
  ["Skeleton", [
    ["1 2 3", "the person's front, right side, top"],
    ["4", "from where it was filmed"],
    ["Drag", "turn; Ctrl + scroll: zoom"],
    ["P", "save this frame of the clip as a picture"],
    ["M O V", "markers, skeleton on the clip, values on the clip"],
    ["E", "augmented markers, if there are any"],
    ["R", "the other estimate: raw, or B"],
  ]],
];

class Help {
  constructor(dialog) {
    this.dialog = dialog;
    const close = newElement("button", "hp-pill");
    close.textContent = "Close";
    close.onclick = () => dialog.close();
    dialog.replaceChildren(...HELP.map(([title, keys]) => helpColumn(title, keys)), close);
    dialog.onclick = (event) => event.target === dialog && dialog.close(); // beside it
  }

  get open() {
    return this.dialog.open;
  }

  show() {
    this.dialog.showModal();
  }
}

function helpColumn(title, keys) {
  const column = newElement("section", "hp-help-column");
  const heading = newElement("h3", "hp-help-title");
  heading.textContent = title;
  const list = newElement("dl", "hp-help-keys");
  for (const [key, meaning] of keys) {
    const term = newElement("dt", "");
    const words = newElement("dd", "");
    term.textContent = key;
    words.textContent = meaning;
    list.append(term, words);
  }
  column.append(heading, list);
  return column;
}
