// What the viewer is made of; the classes hp-… are what the panes look for.

const MARKUP = `
  <div class="hp-main">
    <div class="hp-stage">
      <div class="hp-card hp-video">
        <video muted playsinline preload="auto" aria-label="${say("The clip")}"></video>
        <canvas></canvas>
        <p class="hp-message" hidden></p>
        <div class="hp-measure" role="group" aria-label="${say("Measure on the clip")}" hidden></div>
      </div>
      <div class="hp-card hp-body">
        <div class="hp-scene" role="img" aria-label="${say("The skeleton in 3-D")}"></div>
        <div class="hp-legend"><span class="hp-raw" hidden>${say("raw")}</span><span class="hp-left">${say("L left")}</span><span class="hp-right">${say("R right")}</span></div>
        <div class="hp-view-bar" role="group" aria-label="${say("How to look at the skeleton")}"></div>
      </div>
      <div class="hp-transport">
        <button data-action="back" aria-label="${say("Previous frame")}" title="${say("Previous frame (←)")}"><i class="hp-icon hp-icon-back"></i></button>
        <button data-action="toggle" aria-label="${say("Play")}" title="${say("Play or pause (space)")}"><i class="hp-icon hp-icon-play"></i></button>
        <button data-action="forward" aria-label="${say("Next frame")}" title="${say("Next frame (→)")}"><i class="hp-icon hp-icon-forward"></i></button>
        <div class="hp-timeline">
          <input type="range" min="0" step="1" value="0" aria-label="${say("Frame")}">
          <div class="hp-track"><div class="hp-loop" hidden></div><div class="hp-neutral" title="${say("Angles are counted from this frame")}" hidden></div><div class="hp-mark-track"></div><div class="hp-lanes"></div></div>
        </div>
        <span class="hp-readout" aria-live="off"></span>
        <button data-action="loopFrom" aria-pressed="false" class="hp-word" title="${say("Play over and over from here (<)")}">${say("Start")}</button>
        <button data-action="loopTo" aria-pressed="false" class="hp-word" title="${say("Play over and over to here (>)")}">${say("End")}</button>
        <button data-action="loopOff" aria-label="${say("No loop")}" title="${say("No loop (Esc)")}" hidden>×</button>
        <select aria-label="${say("Speed")}" title="${say("Speed (S slower, F faster)")}">
          <option value="0.1">⅒×</option><option value="0.25">¼×</option><option value="0.5">½×</option>
          <option value="1" selected>1×</option><option value="2">2×</option>
        </select>
        <button data-action="saveFrame" class="hp-word" title="${say("Save this frame of the clip with what is drawn on it (P)")}" hidden>PNG</button>
        <button data-action="mark" class="hp-word" title="${say("Mark an event in this frame (K)")}" hidden>${say("Mark")}</button>
        <button data-action="neutral" class="hp-word" title="${say("Count angles from the pose in this frame, in which the person stands still and upright (N)")}" hidden>${say("Use as neutral")}</button>
        <button data-action="help" aria-label="${say("Keys")}" title="${say("All keys (?)")}">?</button>
      </div>
      <form class="hp-marking" hidden>
        <label>${say("Event")} <input type="text" maxlength="40" placeholder="${say("its name")}"></label>
        <button class="hp-pill">${say("Add")}</button>
        <button type="button" class="hp-pill">${say("Cancel")}</button>
      </form>
    </div>
    <div class="hp-picks">
      <div class="hp-picker" role="group" aria-label="${say("Curves to show")}"></div>
      <p class="hp-hint">${say("← → step · space: play · ?: all keys")}</p>
    </div>
    <div class="hp-key"><div class="hp-lines"></div><div class="hp-flags"></div></div>
    <div class="hp-card hp-curves"><div class="hp-plot"></div><div class="hp-heads"></div><div class="hp-mark-lines"></div><div class="hp-cursor"></div></div>
    <dialog class="hp-help" aria-label="${say("Keys")}"></dialog>
    <p class="hp-marks" hidden></p>
    <p class="hp-moments" hidden></p>
    <p class="hp-note"></p>
  </div>`;
