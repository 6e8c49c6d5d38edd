"""Finished analyses in a workspace, without running the detector."""

from pathlib import Path

from humanpose.analysis import Analysis
from humanpose.server import workspace
from humanpose.server.jobstate import JobState, write_state
from humanpose.server.workspace import Entry
from tests.support.clips import numbered, write_clip
from tests.support.synthetic import IMAGE_SIZE, synthetic_analysis


def finished_entry(home: Path, analysis: Analysis | None = None) -> Entry:
    """``analysis`` (a synthetic squat by default) as the app keeps it once it is done.

    ``home`` must be what HUMANPOSE_HOME says. Each picture of the clip carries its number.
    """
    analysis = analysis or synthetic_analysis()
    width, height = IMAGE_SIZE
    pictures = numbered(analysis.timeline.frames, width=width, height=height)
    clip = write_clip(home / "source.mp4", pictures, fps=round(analysis.timeline.fps))
    entry = workspace.create(clip, analysis.clip_name, analysis.settings)
    clip.rename(entry.playback)
    analysis.save(entry.results)
    write_state(entry, JobState("done"))
    return entry
