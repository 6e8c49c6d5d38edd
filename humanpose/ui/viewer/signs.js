// Which direction counts as positive: a small drawing and words, while a joint is pointed at.

class SignHint {
  constructor(parent) {
    this.element = newElement("div", "hp-sign");
    this.element.setAttribute("role", "tooltip");
    this.element.id = "hp-sign";
    this.element.hidden = true;
    parent.append(this.element);
  }

  attach(button, movements) {
    const show = () => this.show(button, movements);
    const hide = () => (this.element.hidden = true);
    Object.assign(button, { onpointerenter: show, onpointerleave: hide, onfocus: show, onblur: hide });
    button.setAttribute("aria-describedby", this.element.id);
  }

  show(button, movements) {
    const words = newElement("span", "hp-sign-words");
    words.textContent = say("Positive: {words}", { words: movements.map(({ positiveWord }) => positiveWord).join(", ") });
    const [{ joint, positive }] = movements; // the drawing is of the first
    this.element.innerHTML = SIGN_DRAWINGS[`${joint} ${positive}`]; // ours, see assets/signs
    this.element.append(words);
    this.element.style.left = `${button.offsetLeft}px`;
    this.element.style.top = `${button.offsetTop + button.offsetHeight + 4}px`;
    this.element.hidden = false;
  }
}
