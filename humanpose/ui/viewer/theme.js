// Colours of the current Streamlit theme. Left and right stay apart for colour-blind eyes
// (CIE76 difference >= 86 for all three kinds) and in contrast with the page (>= 5:1).

const SIDE_COLORS = {
  light: { L: "#C1440E", R: "#1F6FB2", M: "#6B7678" },
  dark: { L: "#FF8A3D", R: "#56B4E9", M: "#A3AEB0" },
};

// A and B of a comparison: apart for colour-blind eyes (>= 52), in contrast (>= 4.9:1), and neither
// of them a side's colour.
const PAIR_COLORS = {
  light: { A: "#0B6E69", B: "#9A6700" },
  dark: { A: "#3CC6B4", B: "#E0A500" },
};

function readTheme(element) {
  const style = getComputedStyle(element);
  const value = (name) => style.getPropertyValue(name).trim();
  const background = value("--st-background-color") || "#ffffff";
  const dark = luminance(background) < 0.5;
  const side = dark ? SIDE_COLORS.dark : SIDE_COLORS.light;
  const pair = dark ? PAIR_COLORS.dark : PAIR_COLORS.light;
  const card = value("--st-secondary-background-color") || background;
  return {
    key: background + value("--st-text-color"),
    dark,
    background,
    text: value("--st-text-color") || "#1b2527",
    grid: value("--st-border-color") || "#dde4e4",
    floor: dark ? "#4a5356" : "#c3cdcd",
    halo: dark ? "rgba(0,0,0,.65)" : "rgba(255,255,255,.85)",
    plate: dark ? "rgba(22,24,24,.8)" : "rgba(255,255,255,.85)", // below words on the clip
    ghost: dark ? "#7a8487" : "#9aa5a8",
    side,
    pair,
    tolerance: dark ? "rgba(255,255,255,.1)" : "rgba(27,37,39,.08)",
    faint: faded(side, card),
    pairFaint: faded(pair, card),
    font: value("--st-font") || "sans-serif",
  };
}

function faded(colors, background) {
  const entries = Object.entries(colors);
  return Object.fromEntries(entries.map(([key, c]) => [key, mix(c, background, 0.65)]));
}

function luminance(color) {
  const [red, green, blue] = channels(color);
  return (0.299 * red + 0.587 * green + 0.114 * blue) / 255;
}

// Towards another colour, by a share.
function mix(color, other, share) {
  const end = channels(other);
  const mixed = channels(color).map((part, i) => Math.round(part + share * (end[i] - part)));
  return `rgb(${mixed.join(",")})`;
}

// Red, green and blue in 0-255 of any CSS colour, which a canvas turns into #rrggbb.
function channels(color) {
  const context = document.createElement("canvas").getContext("2d");
  context.fillStyle = color;
  return [1, 3, 5].map((start) => parseInt(context.fillStyle.slice(start, start + 2), 16));
}

function showTheme({ style }, { dark, side, pair, ghost }) {
  style.colorScheme = dark ? "dark" : "light"; // for slider and menu
  const colors = { left: side.L, right: side.R, ghost, a: pair.A, b: pair.B };
  for (const [name, color] of Object.entries(colors)) style.setProperty(`--hp-${name}`, color);
}
