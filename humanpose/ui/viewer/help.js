// All keys, asked for with "?".

const HELP = [
  [say("Time"), [
    ["← →", say("one frame back, on")],
    ["Shift ← →", say("ten frames")],
    ["Home End", say("first, last frame")],
    [say("Space"), say("play, pause")],
    ["S F", say("slower, faster")],
    ["< >", say("play over and over from here, to here")],
    ["Esc", say("no loop, no measuring")],
  ]],
  [say("Curves"), [
    [say("Click, drag"), say("go there")],
    ["+ −", say("more, less detail; also Ctrl + scroll")],
    [say("Shift + scroll"), say("earlier, later")],
    ["Alt + scroll", say("zoom the values of a row; also + and − beside its name")],
    ["Z", say("the whole clip, all values")],
    ["N", say("count angles from the pose in this frame")],
    ["K", say("mark an event in this frame")],
  ]],
  [say("Skeleton"), [
    ["1 2 3", say("the person's front, right side, top")],
    ["4", say("from where it was filmed")],
    [say("Drag"), say("turn; Ctrl + scroll: zoom")],
    ["P", say("save this frame of the clip as a picture")],
    ["B", say("a body, or lines")],
    ["M O V", say("markers, skeleton on the clip, values on the clip")],
    ["E", say("augmented markers, if there are any")],
    ["R", say("the other estimate: raw, or B")],
  ]],
];

class Help {
  constructor(dialog) {
    this.dialog = dialog;
    const close = newElement("button", "hp-pill");
    close.textContent = say("Close");
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
