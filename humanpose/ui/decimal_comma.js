// A comma counts as a decimal point in every field for a number. An English browser would leave
// it out and take 1,75 for 175; a German one understands both.

function write(event, text) {
  const { target } = event;
  if (target instanceof HTMLInputElement && target.type === "number") {
    event.preventDefault();
    document.execCommand("insertText", false, text); // as if it were typed
  }
}

export default function () {
  const page = document.documentElement;
  if (page.dataset.hpComma) return;
  page.dataset.hpComma = "heard";
  page.addEventListener("keydown", (event) => {
    if (event.key === "," && !event.ctrlKey && !event.metaKey) write(event, ".");
  });
  page.addEventListener("paste", (event) => {
    const text = event.clipboardData.getData("text").trim();
    if (/^-?\d*,\d+$/.test(text)) write(event, text.replace(",", "."));
  });
}
