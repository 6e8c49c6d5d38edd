// What the viewer is made of; the classes hp-… are what the panes look for.

const MARKUP = `
  <div class="hp-main">
    <div class="hp-stage">
      <div class="hp-card hp-video">
        <video muted playsinline preload="auto" aria-label="The clip"></video>
        <canvas></canvas>
        <p class="hp-message" hidden></p>
        <div class="hp-measure" role="group" aria-label="Measure on the clip" hidden></div>
      </div>
      <div class="hp-card hp-body">
        <div class="hp-scene" role="img" aria-label="The skeleton in 3-D"></div>
        <div class="hp-legend"><span class="hp-raw" hidden>raw</span><span class="hp-left">L left</span><span class="hp-right">R right</span></div>
        <div class="hp-view-bar" role="group" aria-label="How to look at the skeleton"></div>
      </div>
      <div class="hp-transport">
        <button data-action="back" aria-label="Previous frame" title="Previous frame (←)"><i class="hp-icon hp-icon-back"></i></button>
        <button data-action="toggle" aria-label="Play" title="Play or pause (space)"><i class="hp-icon hp-icon-play"></i></button>
        <button data-action="forward" aria-label="Next frame" title="Next frame (→)"><i class="hp-icon hp-icon-forward"></i></button>
        <div class="hp-timeline">
          <input type="range" min="0" step="1" value="0" aria-label="Frame">
          <div class="hp-track"><div class="hp-loop" hidden></div><div class="hp-neutral" title="Angles are counted from this frame" hidden></div><div class="hp-mark-track"></div><div class="hp-lanes"></div></div>
        </div>
        <span class="hp-readout" aria-live="off"></span>
        <button data-action="loopFrom" aria-pressed="false" class="hp-word" title="Play over and over from here (&lt;)">Start</button>
        <button data-action="loopTo" aria-pressed="false" class="hp-word" title="Play over and over to here (&gt;)">End</button>
        <button data-action="loopOff" aria-label="No loop" title="No loop (Esc)" hidden>×</button>
        <select aria-label="Speed" title="Speed (S slower, F faster)">
          <option value="0.1">⅒×</option><option value="0.25">¼×</option><option value="0.5">½×</option>
          <option value="1" selected>1×</option><option value="2">2×</option>
        </select>
        <button data-action="saveFrame" class="hp-word" title="Save this frame of the clip with what is drawn on it (P)" hidden>PNG</button>
        <button data-action="mark" class="hp-word" title="Mark an event in this frame (K)" hidden>Mark</button>
        <button data-action="neutral" class="hp-word" title="Count angles from the pose in this frame, in which the person stands still and upright (N)" hidden>Use as neutral</button>
        <button data-action="help" aria-label="Keys" title="All keys (?)">?</button>
      </div>
      <form class="hp-marking" hidden>
        <label>Event <input type="text" maxlength="40" placeholder="its name"></label>
        <button class="hp-pill">Add</button>
        <button type="button" class="hp-pill">Cancel</button>
      </form>
    </div>
    <div class="hp-picks">
      <div class="hp-picker" role="group" aria-label="Curves to show"></div>
      <p class="hp-hint">← → step · space: play · ?: all keys</p>
    </div>
    <div class="hp-key"><div class="hp-lines"></div><div class="hp-flags"></div></div>
    <div class="hp-card hp-curves"><div class="hp-plot"></div><div class="hp-heads"></div><div class="hp-mark-lines"></div><div class="hp-cursor"></div></div>
    <dialog class="hp-help" aria-label="Keys"></dialog>
    <p class="hp-marks" hidden></p>
    <p class="hp-moments" hidden></p>
    <p class="hp-note"></p>
  </div>`;
