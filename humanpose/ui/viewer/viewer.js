// One frame number, shown by the video, the 3-D skeleton and the curves at once.

const SETTLED_AFTER_MS = 300;

class Viewer {
  constructor(root) {
    root.innerHTML = MARKUP;
    const part = (name) => root.querySelector(`.hp-${name}`);
    const actions = this.actions();
    this.root = root;
    this.note = part("note");
    this.key = part("lines");
    this.moments = part("moments");
    this.rawWord = part("raw");
    this.viewBar = new ViewBar(part("view-bar"), actions);
    this.loop = new Loop();
    this.help = new Help(part("help"));
    this.timeline = new Timeline(part("timeline"), part("flags"), actions.go);
    this.marks = new Marks(part, actions, (said) => this.tell("mark", said));
    this.makePanes(part, actions);
    this.transport = new Transport(part("transport"), actions);
    this.keys = new Keys(root, actions);
    this.sizes = new ResizeObserver(() => this.resize());
    this.sizes.observe(root);
    this.frame = 0;
    this.playing = false;
  }

  makePanes(part, actions) {
    this.video = new VideoPane(part("video"), () => this.ended(), () => this.redraw());
    this.skeleton = new (hasWebGl() ? SkeletonPane : FlatSkeleton)(part("scene"), actions.turned);
    this.curves = new CurvesPane(part("curves"), actions);
    this.picker = new Picker(part("picker"), () => this.choose(), {
      memory: "humanpose.curves",
      joints: ["Hip", "Knee", "Ankle"],
      otherWord: say("Compare with raw"),
    });
  }

  actions() {
    return {
      go: (frame) => this.go(frame),
      step: (frames) => this.go(this.frame + frames),
      back: () => this.go(this.frame - 1),
      forward: () => this.go(this.frame + 1),
      first: () => this.go(0),
      last: () => this.go(this.motion.frames - 1),
      toggle: () => (this.playing ? this.pause() : this.play()),
      changeSpeed: () => this.playing && this.play(),
      slower: () => this.changeSpeed(-1),
      faster: () => this.changeSpeed(1),
      loopFrom: () => this.changeLoop(() => this.loop.setFrom(this.frame)),
      loopTo: () => this.changeLoop(() => this.loop.setTo(this.frame)),
      loopOff: () => this.changeLoop(() => this.loop.clear()),
      saveFrame: () => this.saveFrame(),
      closeMenu: () => this.picker.menu?.close(),
      noMeasure: () => this.video.measure?.choose(undefined),
      zoom: (factor) => this.ready && this.curves.zoom(factor, this.frame),
      showAll: () => this.ready && this.curves.showAll(),
      windowMoved: () => this.windowMoved(),
      help: () => this.help.show(),
      isHelping: () => this.help.open,
      toggleOther: () => this.picker.toggleOther(),
      look: (view) => this.lookFrom(view),
      turned: () => this.viewBar.set("view", "free"),
      switchPart: (part) => this.switchPart(part),
      neutral: () => this.setNeutral(),
      mark: () => this.askForMark(),
    };
  }

  // Called by Streamlit on every rerun and change of theme; does nothing when nothing changed.
  async update(bytes) {
    const theme = readTheme(this.root);
    const newBytes = !sameBytes(bytes, this.bytes);
    if (!newBytes && theme.key === this.theme?.key) return;
    this.bytes = bytes;
    this.theme = theme;
    if (newBytes) this.loadMotion(new Motion(bytes, () => this.tell("lost", Date.now())));
    const { motion, frame } = this;
    [this.Plotly] = await Promise.all([loadPlotly(motion.plotlyUrl), motion.need(frame, frame)]);
    if (this.destroyed || motion !== this.motion) return;
    this.drawnSize = plotSizes(this.root);
    await this.skeleton.load(this.Plotly, this.motion, this.frame, this.look());
    await this.loadCurves();
    this.ready = true;
    showTheme(this.root, theme);
    this.go(this.frame);
    this.root.dataset.ready = "1";
    this.resize(); // where drawing has brought a scroll bar
  }

  loadMotion(motion) {
    this.motion = motion;
    const isNew = motion.memory !== this.address?.memory;
    if (isNew) this.address = new Address(motion.memory);
    this.frame = motion.clamp(isNew ? Number(this.address.recall("f")) || 0 : this.frame);
    placeVideo(this.root, this.motion);
    this.video.load(motion);
    this.transport.load(motion);
    this.timeline.load(motion);
    this.marks.load(motion);
    this.curves.window.load(motion.frames);
    this.picker.load(motion);
    if (isNew) this.restore(motion.frames);
    this.viewBar.load(motion);
    showMoments(this.moments, motion, this.marks.actions.go);
    this.key.replaceChildren(...this.keyEntries(motion).map(sampleOf));
  }

  // The loop, the curves, and the part of the clip that they show.
  restore(frames) {
    this.loop.restore(this.address.recall("l"), frames);
    this.curves.window.restore(this.address.recall("z"));
    this.picker.restore(this.address.recall("c"));
    this.showLoop();
  }

  // What the kinds of lines mean: a word and a kind each.
  keyEntries(motion) {
    const entries = [[motion.refinedBy ? say("refined by {stages}", { stages: motion.refinedBy }) : say("measured"), "measured"], [say("inferred"), "inferred"]];
    if (motion.other) entries.push([say("raw"), "thin"]);
    if (motion.band) entries.push([say("90 % range"), "band"]);
    return entries;
  }

  look() {
    const { theme, movements, picker, viewBar } = this;
    return { theme, movements, showOther: picker.other, ...viewBar.saved, values: viewBar.isOn("values") };
  }

  async lookFrom(view) {
    this.viewBar.set("view", view);
    if (!this.ready) return; // what is loading will look so
    await this.motion.need(this.frame, this.frame);
    this.skeleton.look(view, this.frame);
  }

  switchPart(part) {
    if (!this.viewBar.parts.includes(part)) return;
    const shown = !this.viewBar.saved[part];
    this.viewBar.set(part, shown);
    if (!this.ready) return; // what is loading will look so
    if (part === "body") this.skeleton.setBody(shown);
    if (part === "markers") this.skeleton.setMarkers(shown);
    if (part === "augmented") this.skeleton.setAugmented(shown);
    this.redraw();
  }

  choose() {
    this.address.keep("c", this.picker.text);
    this.settle();
    if (!this.ready) return; // what is loading will look so
    this.skeleton.setOther(this.picker.other);
    return this.loadCurves();
  }

  async loadCurves() {
    this.movements = this.picker.movements();
    const absent = this.picker.absent().join(", ");
    this.note.textContent = absent && say("Cannot be told from this clip: {angles}.", { angles: absent });
    this.rawWord.hidden = !(this.motion.other && this.picker.other);
    await this.curves.load(this.Plotly, this.motion, this.movements, this.look());
    this.redraw();
  }

  go(frame) {
    if (this.playing) this.stop();
    this.show(this.motion.clamp(frame));
    this.video.seek(this.frame);
  }

  play() {
    const [from, to] = this.loop.range(this.motion.frames);
    if (this.frame >= to || this.frame < from) this.go(from);
    this.playing = true;
    this.transport.showPlaying(true);
    this.video.play(Number(this.transport.speed.value), (frame) => this.played(frame));
  }

  played(frame) {
    const [from, to] = this.loop.range(this.motion.frames);
    if (this.loop.on && frame >= to) this.video.seek(from);
    this.show(Math.min(frame, to));
  }

  ended() {
    if (!this.playing) return;
    const [from, to] = this.loop.range(this.motion.frames);
    this.go(this.loop.on ? from : to); // a busy browser may have left the last frames out
    if (this.loop.on) this.play();
  }

  changeLoop(change) {
    change();
    this.showLoop();
    this.address.keep("l", this.loop.text);
    this.settle();
  }

  showLoop() {
    this.timeline.showLoop(this.loop);
    this.transport.showLoop(this.loop);
  }

  windowMoved() {
    this.redraw();
    this.address.keep("z", this.curves.window.text);
    this.settle();
  }

  // Counts angles from the pose of this frame; the server keeps it.
  setNeutral() {
    this.pause();
    if (this.ready && this.motion.mayChange) this.tell("neutral", this.frame);
  }

  async saveFrame() {
    this.pause();
    if (!this.ready || !this.motion.floor) return;
    const { frame } = this;
    await this.motion.need(frame, frame);
    await this.video.settled();
    saveFile(`frame_${frame}.png`, await this.video.picture(frame, this.look()));
  }

  askForMark() {
    this.pause();
    if (this.ready && this.motion.mayChange) this.marks.ask(this.frame, this.motion.place(this.frame));
  }

  changeSpeed(step) {
    this.transport.changeSpeed(step);
    if (this.playing) this.play();
  }

  pause() {
    if (this.playing) this.go(this.frame); // the picture settles on exactly the frame shown
  }

  stop() {
    this.playing = false;
    this.video.pause();
    this.transport.showPlaying(false);
  }

  show(frame) {
    this.frame = frame;
    this.redraw();
    this.address.keep("f", frame);
    this.settle();
  }

  settle() {
    const { loop, curves, picker } = this;
    const place = () => ({ f: this.frame, l: loop.text, z: curves.window.text, c: picker.text });
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.address.show(place()), SETTLED_AFTER_MS);
  }

  // Draws at most once per picture of the screen.
  redraw() {
    this.pending ??= requestAnimationFrame(() => {
      this.pending = undefined;
      if (this.ready) this.draw();
    });
  }

  // Cursor, time and clip go where one points at once; body and values as soon as their frame
  // has come. The one after it is fetched before it is played.
  draw() {
    const { motion, frame } = this;
    this.transport.draw(frame);
    this.timeline.draw(frame);
    this.curves.draw(frame);
    this.marks.draw(this.curves);
    const isHere = motion.has(frame);
    this.root.classList.toggle("hp-waiting", !isHere);
    const coming = motion.need(frame, frame + PIECE_FRAMES / 2);
    if (!isHere) return motion.need(frame, frame).then(() => this.redraw());
    this.video.draw(frame, this.look());
    this.skeleton.draw(frame);
    this.root.dataset.frame = frame;
    return coming;
  }

  async resize() {
    if (!this.ready) return;
    placeVideo(this.root, this.motion);
    const size = plotSizes(this.root);
    if (size === this.drawnSize) return;
    this.drawnSize = size;
    await Promise.all([this.skeleton.resize(), this.curves.resize()]);
    this.redraw();
  }

  destroy() {
    this.destroyed = true;
    clearTimeout(this.timer);
    cancelAnimationFrame(this.pending);
    this.sizes.disconnect();
    this.keys.destroy();
    this.video.destroy();
    this.skeleton.destroy();
    this.curves.destroy();
  }
}
