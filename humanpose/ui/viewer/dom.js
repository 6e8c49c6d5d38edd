// A new element of a class, with a few styles of its own.
function newElement(tag, className, style = {}) {
  const element = document.createElement(tag);
  element.className = className;
  Object.assign(element.style, style);
  return element;
}
