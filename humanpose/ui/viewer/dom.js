// Words in the visitor's language, with {placeholders} filled in; LANGUAGE and WORDS come before.
function say(template, values = {}) {
  return (WORDS[template] ?? template).replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

// A number with so many digits after the point, or comma.
function fixed(value, digits) {
  const text = value.toFixed(digits);
  return LANGUAGE === "en" ? text : text.replace(".", ",");
}

const SIDES = { L: say("L"), R: say("R"), M: "" };

// A new element of a class, with a few styles of its own.
function newElement(tag, className, style = {}) {
  const element = document.createElement(tag);
  element.className = className;
  Object.assign(element.style, style);
  return element;
}

// Drawing on an empty canvas: in device pixels, with CSS pixels as its unit.
function emptied(canvas) {
  const ratio = window.devicePixelRatio || 1;
  const { clientWidth, clientHeight } = canvas;
  const width = Math.round(clientWidth * ratio);
  const height = Math.round(clientHeight * ratio);
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
  }
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, clientWidth, clientHeight);
  return context;
}

// A word and the kind of line that it means.
function sampleOf([word, kind]) {
  const entry = newElement("span", `hp-sample hp-sample-${kind}`);
  entry.textContent = word;
  return entry;
}
