// The first picture with a box around everybody in it; a click on one chooses them, on the chosen
// one again nobody in particular.

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".hp-whom");
  const picture = document.createElement("img");
  picture.src = data.picture;
  picture.alt = data.about;
  const boxes = data.people.map(({ box: [left, top, right, bottom], name }, index) => {
    const number = index + 1;
    const button = document.createElement("button");
    button.textContent = number;
    button.title = name;
    button.setAttribute("aria-label", name);
    button.setAttribute("aria-pressed", number === data.chosen);
    button.style.cssText = `left: ${100 * left}%; top: ${100 * top}%;
      width: ${100 * (right - left)}%; height: ${100 * (bottom - top)}%`;
    button.onclick = () => setTriggerValue("person", number === data.chosen ? 0 : number);
    return button;
  });
  root.replaceChildren(picture, ...boxes);
}
