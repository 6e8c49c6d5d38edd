// Entry point: one viewer for each place on a page, kept between reruns.

const VIEWERS = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".hp-viewer");
  if (!VIEWERS.has(root)) {
    const kind = root.matches(".hp-pair") ? PairViewer : Viewer;
    VIEWERS.set(root, new kind(root));
  }
  const viewer = VIEWERS.get(root);
  viewer.tell = setTriggerValue; // a new one each time
  viewer.update(data).catch((error) => {
    root.textContent = say("The viewer could not start: {reason}", { reason: error.message });
    throw error;
  });
  return () => {
    viewer.destroy();
    VIEWERS.delete(root);
  };
}
