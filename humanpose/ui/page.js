// What the browser does on every page.

// A comma counts as a decimal point in every field for a number. An English browser would leave
// it out and take 1,75 for 175; a German one understands both.

function write(event, text) {
  const { target } = event;
  if (target instanceof HTMLInputElement && target.type === "number") {
    event.preventDefault();
    document.execCommand("insertText", false, text); // as if it were typed
  }
}

function hearCommas(page) {
  page.addEventListener("keydown", (event) => {
    if (event.key === "," && !event.ctrlKey && !event.metaKey) write(event, ".");
  });
  page.addEventListener("paste", (event) => {
    const text = event.clipboardData.getData("text").trim();
    if (/^-?\d*,\d+$/.test(text)) write(event, text.replace(",", "."));
  });
}

// Back leads to the page before. Streamlit makes an entry in the history each time a page
// notes a choice in its address, and draws nothing when one goes back to such an entry.

function keepOneEntryAPage() {
  const push = window.history.pushState.bind(window.history);
  window.history.pushState = (state, title, url) => {
    const { pathname } = new URL(url, window.location.href);
    if (pathname === window.location.pathname) window.history.replaceState(state, title, url);
    else push(state, title, url);
  };
}

// Before a page with curves is asked for; there is no hurry, and the viewer tries again. The first
// scene takes twice as long as the second, so it is drawn where nobody sees it.

const PLOTLY_AFTER_MS = 1000;
const rests = window.requestIdleCallback ?? ((action) => action());

async function rehearse(Plotly) {
  if (!hasWebGl()) return;
  const unseen = document.createElement("div");
  unseen.style.cssText = "position: fixed; left: -99px; visibility: hidden";
  unseen.ariaHidden = "true";
  document.body.append(unseen);
  const place = { x: [0, 1, 0], y: [0, 0, 1], z: [0, 1, 1] };
  const traces = [{ ...place, type: "scatter3d" }, { ...place, type: "mesh3d" }];
  await Plotly.newPlot(unseen, traces, { width: 90, height: 90 });
  Plotly.purge(unseen);
  unseen.remove();
}

export default function ({ data }) {
  const page = document.documentElement;
  if (page.dataset.hpPage) return;
  page.dataset.hpPage = "heard";
  hearCommas(page);
  keepOneEntryAPage();
  setTimeout(() => rests(() => loadPlotly(data.plotlyUrl).then(rehearse).catch(() => {})), PLOTLY_AFTER_MS);
}
