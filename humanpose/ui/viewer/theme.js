// Colours of the current Streamlit theme. Left and right stay apart for colour-blind eyes
// (CIE76 difference >= 86 for all three kinds) and in contrast with the page (>= 5:1).

const SIDE_COLORS = {
  light: { L: "#C1440E", R: "#1F6FB2", M: "#6B7678" },
  dark: { L: "#FF8A3D", R: "#56B4E9", M: "#A3AEB0" },
};

function readTheme(element) {
  const style = getComputedStyle(element);
  const value = (name) => style.getPropertyValue(name).trim();
  const background = value("--st-background-color") || "#ffffff";
  const dark = luminance(background) < 0.5;
  return {
    key: background + value("--st-text-color"),
    dark,
    text: value("--st-text-color") || "#1b2527",
    grid: value("--st-border-color") || "#dde4e4",
    floor: dark ? "#4a5356" : "#c3cdcd",
    halo: dark ? "rgba(0,0,0,.65)" : "rgba(255,255,255,.85)",
    side: dark ? SIDE_COLORS.dark : SIDE_COLORS.light,
    font: value("--st-font") || "sans-serif",
  };
}

function luminance(color) {
  const context = document.createElement("canvas").getContext("2d");
  context.fillStyle = color; // the canvas turns any CSS colour into #rrggbb
  const channel = (start) => parseInt(context.fillStyle.slice(start, start + 2), 16) / 255;
  return 0.299 * channel(1) + 0.587 * channel(3) + 0.114 * channel(5);
}
