// Records the camera into a file, and puts that into the uploader of the page.

const WEBCAMS = new WeakMap();
const KINDS = ["video/mp4", "video/webm;codecs=vp9", "video/webm"]; // what loses no frames first
const WANTED = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 60 } };
const WAITS_S = [3, 5, 10];
const BITS_PER_S = 8_000_000;

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".hp-webcam");
  if (!WEBCAMS.has(root)) WEBCAMS.set(root, new Webcam(root, data)); // else it goes on
  return () => {
    WEBCAMS.get(root)?.close();
    WEBCAMS.delete(root);
  };
}

class Webcam {
  constructor(root, { words, mostS }) {
    this.words = words;
    this.mostS = mostS;
    this.opener = this.button(words.open, () => this.open());
    this.recording = this.button(words.record, () => this.begin());
    this.closing = this.button(words.close, () => this.close());
    this.video = document.createElement("video");
    Object.assign(this.video, { muted: true, playsInline: true, autoplay: true });
    this.video.setAttribute("aria-label", words.preview);
    this.count = this.part("div", "hp-webcam-count");
    this.count.setAttribute("role", "timer");
    this.waits = document.createElement("select");
    this.waits.title = words.wait;
    this.waits.setAttribute("aria-label", words.wait);
    this.waits.append(...WAITS_S.map((seconds) => new Option(`${seconds} s`, seconds)));
    this.waits.value = 5;
    this.message = this.part("p", "hp-webcam-message");
    this.message.setAttribute("role", "status");
    this.picture = this.part("div", "hp-webcam-picture", this.video, this.count);
    this.row = this.part("div", "hp-webcam-row", this.recording, this.waits, this.closing);
    root.replaceChildren(this.opener, this.picture, this.row, this.message);
    this.show(false);
  }

  part(kind, name, ...children) {
    const element = document.createElement(kind);
    element.className = name;
    element.append(...children);
    return element;
  }

  button(words, onClick) {
    const button = document.createElement("button");
    button.textContent = words;
    button.onclick = onClick;
    return button;
  }

  show(isOpen) {
    this.opener.hidden = isOpen;
    this.picture.hidden = this.row.hidden = !isOpen;
    this.waits.hidden = false;
    this.count.textContent = this.message.textContent = "";
    this.recording.textContent = this.words.record;
    this.recording.onclick = () => this.begin();
  }

  async open() {
    if (!navigator.mediaDevices) return (this.message.textContent = this.words.insecure);
    try {
      this.stream = await navigator.mediaDevices.getUserMedia({ video: WANTED });
    } catch {
      return (this.message.textContent = this.words.refused);
    }
    this.show(true);
    this.video.srcObject = this.stream;
    this.recording.focus();
  }

  begin() {
    this.waits.hidden = true;
    this.recording.textContent = this.words.stop;
    this.recording.onclick = () => this.stop();
    const end = performance.now() + 1000 * Number(this.waits.value);
    const tick = () => {
      const left = Math.ceil((end - performance.now()) / 1000);
      this.count.textContent = left > 0 ? left : "";
      if (left <= 0) this.record();
    };
    tick();
    this.timer = setInterval(tick, 100);
  }

  record() {
    clearInterval(this.timer);
    const mimeType = KINDS.find((kind) => MediaRecorder.isTypeSupported(kind));
    const pieces = [];
    this.recorder = new MediaRecorder(this.stream, { mimeType, videoBitsPerSecond: BITS_PER_S });
    this.recorder.ondataavailable = ({ data }) => pieces.push(data);
    this.recorder.onstop = () => handOver(pieces, mimeType.split(";")[0]);
    this.recorder.start(1000);
    const start = performance.now();
    this.timer = setInterval(() => {
      const seconds = (performance.now() - start) / 1000;
      this.recording.textContent = `${this.words.stop} · ${seconds.toFixed(0)} s`;
      if (seconds > this.mostS) this.stop();
    }, 200);
  }

  // Before the countdown is over nothing was recorded, and nothing is handed over.
  stop() {
    this.recorder?.stop();
    this.recorder = undefined;
    this.close();
  }

  close() {
    clearInterval(this.timer);
    if (this.recorder) this.recorder.onstop = null;
    this.recorder?.stop();
    this.recorder = undefined;
    this.stream?.getTracks().forEach((track) => track.stop());
    this.stream = undefined;
    this.show(false);
  }
}

// As if the file had been dropped on the page.
function handOver(pieces, type) {
  const day = new Date().toISOString().slice(0, 19).replaceAll(":", "-");
  const name = `camera ${day}.${type.split("/")[1]}`;
  const files = new DataTransfer();
  files.items.add(new File(pieces, name, { type }));
  const input = document.querySelector('[data-testid="stFileUploaderDropzoneInput"]');
  input.files = files.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
}
