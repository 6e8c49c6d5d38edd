"""Finished analyses in a workspace, without running the detector."""

from pathlib import Path

from humanpose.analysis import Analysis
from humanpose.assets import SAMPLE
from humanpose.server import worker, workspace
from humanpose.server.entry import Entry
from humanpose.server.jobstate import JobState, write_state
from humanpose.settings import Settings
from humanpose.ui.analyse.clip_choice import SAMPLE_HEIGHT_M
from tests.support.clips import numbered, write_clip
from tests.support.synthetic import IMAGE_SIZE, synthetic_analysis


def finished_entry(
    home: Path, analysis: Analysis | None = None, *, size: tuple[int, int] = IMAGE_SIZE
) -> Entry:
    """``analysis`` (a synthetic squat by default) as the app keeps it once it is done.

    ``home`` must be what HUMANPOSE_HOME says. Each picture of the clip carries its number and
    is of this ``size``, px.
    """
    analysis = analysis or synthetic_analysis()
    width, height = size
    pictures = numbered(analysis.timeline.frames, width=width, height=height)
    clip = write_clip(home / "source.mp4", pictures, fps=round(analysis.timeline.fps))
    entry = workspace.create(clip, analysis.clip_name, analysis.settings)
    clip.rename(entry.playback)
    analysis.save(entry.results)
    write_state(entry, JobState("done"))
    return entry


def analysed_sample() -> Entry:
    """The sample clip with POF, analysed in this process."""
    settings = Settings(height_m=SAMPLE_HEIGHT_M, pof=True)
    entry = workspace.create(SAMPLE, SAMPLE.name, settings)
    worker.run(entry)
    return entry
