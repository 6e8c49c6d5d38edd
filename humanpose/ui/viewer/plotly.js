// Our own plotly.js, from our own server. window.Plotly cannot be trusted: on a page with
// st.plotly_chart Streamlit puts its own, older copy there and expects to find it again.

function loadPlotly(url) {
  window.__humanposePlotly ??= new Promise((resolve, reject) => {
    const streamlits = window.Plotly;
    const script = document.createElement("script");
    script.src = url;
    script.onload = () => {
      const ours = window.Plotly;
      if (streamlits) window.Plotly = streamlits;
      resolve(ours);
    };
    script.onerror = () => {
      window.__humanposePlotly = undefined;
      reject(new Error(`${url} did not load`));
    };
    document.head.appendChild(script);
  });
  return window.__humanposePlotly;
}

// What draws in 3-D; empty where nothing does. Asked once, since it takes a while.
let renderer;

function rendererOf3D() {
  if (renderer !== undefined) return renderer;
  const gl = document.createElement("canvas").getContext("webgl");
  const info = gl?.getExtension("WEBGL_debug_renderer_info");
  renderer = gl ? String(gl.getParameter(info ? info.UNMASKED_RENDERER_WEBGL : gl.RENDERER)) : "";
  gl?.getExtension("WEBGL_lose_context")?.loseContext();
  return renderer;
}

function hasWebGl() {
  return rendererOf3D() !== "";
}

// Pixels per CSS pixel for 3-D: one where the CPU draws, which is twice as fast.
function pixelRatio() {
  const isSoftware = /swiftshader|llvmpipe|software|basic render/i.test(rendererOf3D());
  return isSoftware ? 1 : Math.min(2, window.devicePixelRatio || 1);
}

// Of scene and curves, whose height changes with their rows only.
function plotSizes(root) {
  const [scene, plot] = [".hp-scene", ".hp-plot"].map((part) => root.querySelector(part));
  return [scene.clientWidth, scene.clientHeight, plot.clientWidth].join();
}
