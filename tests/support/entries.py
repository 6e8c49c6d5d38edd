"""Finished analyses in a workspace, without running the detector."""

from pathlib import Path

from humanpose.analysis import Analysis
from humanpose.assets import SAMPLE
from humanpose.server import worker, workspace
from humanpose.server.database import FILE, change
from humanpose.server.entry import Entry
from humanpose.server.jobstate import JobState, write_state
from humanpose.settings import Settings
from tests.support.clips import numbered, write_clip
from tests.support.synthetic import IMAGE_SIZE, synthetic_analysis


def finished_entry(
    home: Path,
    analysis: Analysis | None = None,
    *,
    size: tuple[int, int] = IMAGE_SIZE,
    label: str = "",
) -> Entry:
    """``analysis`` (a synthetic squat by default) as the app keeps it once it is done.

    ``home`` must be what HUMANPOSE_HOME says. Each picture of the clip carries its number and
    is of this ``size``, px. Without a ``label`` it is called as its clip.
    """
    analysis = analysis or synthetic_analysis()
    width, height = size
    pictures = numbered(analysis.timeline.frames, width=width, height=height)
    clip = write_clip(home / "source.mp4", pictures, fps=round(analysis.timeline.fps))
    entry = workspace.create(clip, label or analysis.clip_name, analysis.settings)
    clip.rename(entry.playback)
    analysis.save(entry.results)
    write_state(entry, JobState("done"))
    return entry


def analysed_sample(settings: Settings) -> Entry:
    """The sample clip, analysed in this process."""
    entry = workspace.create(SAMPLE, SAMPLE.name, settings)
    worker.run(entry)
    return entry


def rewrite(entry: Entry, **facts: object) -> None:
    """Let the database say something else of it."""
    names = ", ".join(f"{name} = ?" for name in facts)
    query = f"UPDATE entry SET {names} WHERE token = ?"
    change(lambda database: database.execute(query, (*facts.values(), entry.token)))


def lose_database(home: Path) -> None:
    """What stays is in the folders."""
    for file in home.glob(f"{FILE}*"):
        file.unlink()


def kept_files(home: Path) -> set[Path]:
    """Files of the data folder that hold what somebody gave."""
    return {path for path in home.glob("*/**/*") if path.is_file()}
